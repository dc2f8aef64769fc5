using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LocalMcp.Chat;
using LocalMcp.Schema;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>chat</c>.</summary>
internal sealed class ChatTool(ChatService chat, ClientRoots roots, TimeProvider clock)
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "MinLength is only read for the schema of a string.")]
    [McpServerTool(Name = "chat", Title = "Ask the local model", ReadOnly = true, OpenWorld = false)]
    [McpMeta("anthropic/alwaysLoad", true)]
    [McpMeta("anthropic/maxResultSizeChars", 500_000)]
    [Description("Delegate a scoped subtask to a local LLM on the user's own machine (Ollama, LM Studio, MLX, llama.cpp): private, offline, free. Use it for boilerplate, tests, renames, docstrings, \"explain this\", commit messages, first drafts; not for reasoning across a large repository. Name files by path: pasting costs tokens. Returns the answer and one line: model, tokens, speed, how it ended. Check it before use.")]
    public async Task<CallToolResult> ChatAsync(
        RequestContext<CallToolRequestParams> call,
        [Description("The whole task: it sees only this and the files."), MinLength(1)] string prompt,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("Files it is about, in the project: path, path:10-80 or glob."), TextList] JsonElement? files = null,
        [Description("System prompt.")] string system = "",
        [Description("Number or part of a name. Default: the active one.")] string model = "",
        [Description("Most tokens to answer with."), Range(0, 1_000_000)] int max_tokens = 0,
        [Description("Reason first: slower, better.")] bool think = false,
        [Description("JSON Schema of the answer."), JsonObject] JsonElement? json_schema = null)
    {
        using var told = new ProgressReporter(progress, clock);
        var schema = json_schema is { } given ? AnswerSchema.Parse(given) : null;
        var names = ToolSchema.Texts(files);
        var request = new ChatRequest(prompt, system, model, max_tokens, think)
        {
            Tool = "chat",
            FileNames = names,
            Roots = names.Count > 0 ? await roots.ReadAsync(call, cancellationToken) : null,
            Schema = schema,
        };
        return ToolCalls.Result(await chat.AskAsync(request, told.Watch, cancellationToken));
    }
}
