using System.Reflection;
using LocalMcp.Prompts;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tools of the server, in the order in which a client lists them, and what the server says of itself.</summary>
internal static class Toolbox
{
    public const string Instructions = "Hands scoped subtasks to an LLM on the user's own machine: private, offline, free. Delegate routine work with chat (boilerplate, tests, renames, explanations, commit messages) and check what comes back. If chat fails, call quick_test; list_models and set_model choose the model.";

    public static IMcpServerBuilder WithLocalTools(this IMcpServerBuilder builder)
    {
        Add<ChatTool>(builder, typeof(ChatTool).GetMethod(nameof(ChatTool.ChatAsync))!);
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
        builder.Services.AddSingleton(services => McpServerTool.Create(method, _ => services.GetRequiredService<TTool>(), new McpServerToolCreateOptions
        {
            Services = services,
            SerializerOptions = McpJsonUtilities.DefaultOptions,
            SchemaCreateOptions = new AIJsonSchemaCreateOptions { TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true } },
        }));
}
