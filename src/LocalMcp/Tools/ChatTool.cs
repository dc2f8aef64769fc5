using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using LocalMcp.Chat;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>chat</c>.</summary>
internal sealed class ChatTool(ChatService chat, TimeProvider clock)
{
    /// <summary>
    /// The client hands about 10,000 characters of an error to its model and drops the rest. A part of an answer that is longer goes out
    /// as a plain result, so that it is read whole; that it is incomplete is said in either.
    /// </summary>
    private const int LongestError = 9_000;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "MinLength is only read for the schema of a string.")]
    [McpServerTool(Name = "chat", Title = "Ask the local model", ReadOnly = true, OpenWorld = false)]
    [McpMeta("anthropic/alwaysLoad", true)]
    [McpMeta("anthropic/maxResultSizeChars", 500_000)]
    [McpMeta("anthropic/searchHint", "local LLM, Ollama, LM Studio, MLX, llama.cpp, offline, delegate")]
    [Description("Delegate a scoped subtask to a local LLM on the user's own machine (Ollama, LM Studio, MLX, llama.cpp): private, offline, free. Use it for boilerplate, tests, renames, docstrings, \"explain this\", commit messages, first drafts. Not for reasoning across a large repository. The model sees only what you send. Returns its answer, then a line with model, tokens, speed and how it ended. Check the answer before you use it.")]
    public async Task<CallToolResult> ChatAsync(
        [Description("The whole task with the code it is about. Self-contained."), MinLength(1)] string prompt,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("System prompt, e.g. the form of the answer.")] string system = "",
        [Description("Number or unique part of a name from list_models. Empty: the active model.")] string model = "",
        [Description("Most tokens to generate. 0: up to the backend."), Range(0, 1_000_000)] int max_tokens = 0,
        [Description("Let it reason before answering: slower, better on hard tasks. Reasoning is never returned.")] bool think = false)
    {
        using var told = new ProgressReporter(progress, clock);
        var reply = await chat.AskAsync(new ChatRequest(prompt, system, model, max_tokens, think), told.Watch, cancellationToken);
        var text = reply.Render();
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = text }],
            IsError = reply.Trouble is not null && text.Length <= LongestError ? true : null,
        };
    }
}
