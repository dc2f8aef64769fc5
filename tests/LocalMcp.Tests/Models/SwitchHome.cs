using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Models;

/// <summary>The whole product in this process, with one server, on a machine that the test names.</summary>
internal sealed class SwitchHome : IAsyncDisposable
{
    private readonly TemporaryHome home = new();
    private readonly ServiceProvider services;

    public SwitchHome(string url, MachineProfile? machine = null) => services = new ServiceCollection().AddLocalMcp(home.Environment(("LOCAL_MCP_URL", url)))
        .AddSingleton(new MachineReader(() => machine ?? Shapes.Pc)).BuildServiceProvider();

    public TemporaryHome Home => home;

    public ActiveModel Active => services.GetRequiredService<ActiveModel>();

    public ModelSwitch Models => services.GetRequiredService<ModelSwitch>();

    public MenuMaker Menus => services.GetRequiredService<MenuMaker>();

    public Task<string> ToAsync(string wanted, bool force = false) => Models.ToAsync(wanted, force, _ => { }, TestContext.Current.CancellationToken);

    /// <summary>The words of a switch that is refused.</summary>
    public async Task<string> RefusalAsync(string wanted) => (await Assert.ThrowsAsync<LocalMcpException>(() => ToAsync(wanted))).Message;

    public async Task<(bool Passed, string Line)> WarmAsync() => await Models.WarmAsync(_ => { }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        home.Dispose();
    }
}
