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

    /// <summary>The tools as clients see them; each is made when it is first called.</summary>
    public static McpServerPrimitiveCollection<McpServerTool> Tools(Func<IServiceProvider> services)
    {
        var cards = Cards.Tools();
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        foreach (var (name, make) in Makers)
            tools.Add(new CardedTool(cards[name], () => make(services)));
        return tools;
    }

    /// <summary>The prompts of the server: what a user calls by name.</summary>
    public static McpServerPrimitiveCollection<McpServerPrompt> Prompts(Func<IServiceProvider> services) =>
        [new CardedPrompt(Cards.Prompt(), () => SwitchModel(services))];

    /// <summary>Each tool with all that its method says of it: what its card is written from.</summary>
    public static IReadOnlyList<McpServerTool> Made(Func<IServiceProvider> services) => [.. Makers.Select(maker => maker.Make(services))];

    public static McpServerPrompt SwitchModel(Func<IServiceProvider> services) =>
        McpServerPrompt.Create(typeof(SwitchModelPrompt).GetMethod(nameof(SwitchModelPrompt.SwitchModelAsync))!, _ => services().GetRequiredService<SwitchModelPrompt>(), new McpServerPromptCreateOptions
        {
            SerializerOptions = McpJsonUtilities.DefaultOptions,
        });

    private static (string Name, Func<Func<IServiceProvider>, McpServerTool> Make)[] Makers =>
    [
        ("chat", services => Make<ChatTool>(services, typeof(ChatTool).GetMethod(nameof(ChatTool.ChatAsync))!)),
        ("chat_to_file", services => Make<ChatToFileTool>(services, typeof(ChatToFileTool).GetMethod(nameof(ChatToFileTool.ChatToFileAsync))!)),
        ("list_models", services => Make<ListModelsTool>(services, typeof(ListModelsTool).GetMethod(nameof(ListModelsTool.ListModelsAsync))!)),
        ("set_model", services => Make<SetModelTool>(services, typeof(SetModelTool).GetMethod(nameof(SetModelTool.SetModelAsync))!)),
        ("quick_test", services => Make<QuickTestTool>(services, typeof(QuickTestTool).GetMethod(nameof(QuickTestTool.QuickTestAsync))!)),
    ];

    private static McpServerTool Make<TTool>(Func<IServiceProvider> services, MethodInfo method)
        where TTool : notnull =>
        Short(McpServerTool.Create(method, _ => services().GetRequiredService<TTool>(), new McpServerToolCreateOptions
        {
            SerializerOptions = McpJsonUtilities.DefaultOptions,
            SchemaCreateOptions = ToolSchema.Options,
        }), method);

    // Clients show the title of the annotations; the other one would be the same words a second time.
    private static McpServerTool Short(McpServerTool tool, MethodInfo method)
    {
        tool.ProtocolTool.InputSchema = ToolSchema.With(tool.ProtocolTool.InputSchema, method);
        tool.ProtocolTool.Title = null;
        return tool;
    }
}
