using System.Reflection;
using LocalMcp.Prompts;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tools of the server, in the order in which a client lists them, and what the server says of itself.</summary>
internal static class Toolbox
{
    public const string Instructions = "Hands scoped subtasks to an LLM on the user's own machine: private, offline, free. Delegate routine work with chat, or chat_to_file where the answer is a file; name files by path, and check what comes back. If a call fails, try quick_test.";

    public static IMcpServerBuilder WithLocalTools(this IMcpServerBuilder builder)
    {
        Add<ChatTool>(builder, typeof(ChatTool).GetMethod(nameof(ChatTool.ChatAsync))!);
        Add<ChatToFileTool>(builder, typeof(ChatToFileTool).GetMethod(nameof(ChatToFileTool.ChatToFileAsync))!);
        Add<ListModelsTool>(builder, typeof(ListModelsTool).GetMethod(nameof(ListModelsTool.ListModelsAsync))!);
        Add<SetModelTool>(builder, typeof(SetModelTool).GetMethod(nameof(SetModelTool.SetModelAsync))!);
        Add<QuickTestTool>(builder, typeof(QuickTestTool).GetMethod(nameof(QuickTestTool.QuickTestAsync))!);
        return builder;
    }

    /// <summary>The prompts of the server: what a user calls by name.</summary>
    public static IMcpServerBuilder WithLocalPrompts(this IMcpServerBuilder builder)
    {
        builder.Services.AddSingleton<SwitchModelPrompt>();
        builder.Services.AddSingleton(services => McpServerPrompt.Create(typeof(SwitchModelPrompt).GetMethod(nameof(SwitchModelPrompt.SwitchModelAsync))!, _ => services.GetRequiredService<SwitchModelPrompt>(), new McpServerPromptCreateOptions
        {
            Services = services,
            SerializerOptions = McpJsonUtilities.DefaultOptions,
        }));
        return builder;
    }

    private static void Add<TTool>(IMcpServerBuilder builder, MethodInfo method)
        where TTool : notnull =>
        builder.Services.AddSingleton(services => Short(McpServerTool.Create(method, _ => services.GetRequiredService<TTool>(), new McpServerToolCreateOptions
        {
            Services = services,
            SerializerOptions = McpJsonUtilities.DefaultOptions,
            SchemaCreateOptions = ToolSchema.Options,
        }), method));

    // Clients show the title of the annotations; the other one would be the same words a second time.
    private static McpServerTool Short(McpServerTool tool, MethodInfo method)
    {
        tool.ProtocolTool.InputSchema = ToolSchema.With(tool.ProtocolTool.InputSchema, method);
        tool.ProtocolTool.Title = null;
        return tool;
    }
}
