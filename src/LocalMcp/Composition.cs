using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Chat;
using LocalMcp.Keeper;
using LocalMcp.Keeper.Door;
using LocalMcp.Launch;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Pull;
using LocalMcp.State;
using LocalMcp.Stats;
using LocalMcp.Tools;
using LocalMcp.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp;

/// <summary>Everything put together, in the order of the road. Nothing here contacts a backend, reads a file or takes a lock.</summary>
internal static class Composition
{
    public static IServiceCollection AddLocalMcp(this IServiceCollection services, UserEnvironment environment) => services
        .AddSingleton(environment)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<SettingsFile>()
        .AddSingleton<ActiveModel>()
        .AddSingleton<MeasuredSpeeds>()
        .AddSingleton<CallLog>()
        .AddSingleton<ClientRoots>()
        .AddSingleton<FileReader>()
        .AddSingleton<ChatTool>()
        .AddSingleton<ChatToFileTool>()
        .AddSingleton<ListModelsTool>()
        .AddSingleton<SetModelTool>()
        .AddSingleton<QuickTestTool>()
        .AddSingleton<QuickTest>()
        .AddSingleton<ChatService>()
        .AddSingleton<ModelSwitch>()
        .AddSingleton<MenuMaker>()
        .AddSingleton(new MachineReader(MachineProfile.Read, MachineProfile.ReadChip))
        .AddSingleton<ModelDirectory>()
        .AddSingleton<ServerProbe>()
        .AddSingleton<EngineModels>()
        .AddSingleton<KeeperLink>()
        .AddSingleton<EngineDoor>()
        .AddSingleton<EngineBackend>()
        .AddSingleton<Launcher>()
        .AddSingleton(services => CatalogOfPulls.Of(services.GetRequiredService<SettingsFile>(), services.GetRequiredService<MachineReader>()))
        .AddSingleton(services => CatalogOfPulls.Fit(services.GetRequiredService<SettingsFile>(), services.GetRequiredService<MachineReader>()))
        .AddSingleton<HubPull>()
        .AddSingleton<OllamaPull>()
        .AddSingleton<Puller>();
}
