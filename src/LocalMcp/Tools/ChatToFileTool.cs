using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LocalMcp.Chat;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>chat_to_file</c>.</summary>
internal sealed class ChatToFileTool(ChatService chat, ClientRoots roots, TimeProvider clock)
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "MinLength is only read for the schema of a string.")]
    [McpServerTool(Name = "chat_to_file", Title = "Let the local model write a file", ReadOnly = false, OpenWorld = false)]
    [McpMeta("anthropic/alwaysLoad", true)]
    [Description("Like chat, but the local LLM's answer becomes a file of the project and you get a short receipt: use it for tests, boilerplate, docs. Its one code block is written, else the whole text.")]
    public async Task<CallToolResult> ChatToFileAsync(
        RequestContext<CallToolRequestParams> call,
        [MinLength(1)] string prompt,
        [Description("Relative to the project."), MinLength(1)] string path,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [TextList] JsonElement? files = null,
        [Description("Replace an existing file.")] bool overwrite = false,
        string system = "",
        string model = "",
        [Range(0, 1_000_000)] int max_tokens = 0,
        bool think = false)
    {
        using var told = new ProgressReporter(progress, clock);
        var request = new ChatRequest(prompt, system, model, max_tokens, think)
        {
            Tool = "chat_to_file",
            FileNames = ToolSchema.Texts(files),
            Roots = await roots.ReadAsync(call, cancellationToken),
            OutputPath = path,
            Overwrite = overwrite,
        };
        return ToolCalls.Result(await chat.AskAsync(request, told.Watch, cancellationToken));
    }
}
