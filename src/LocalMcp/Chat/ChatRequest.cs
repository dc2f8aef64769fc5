using LocalMcp.Schema;
using LocalMcp.Workspace;

namespace LocalMcp.Chat;

/// <summary>One question to a local model.</summary>
/// <param name="Prompt">The user's part. Not empty.</param>
/// <param name="System">The system's part, or empty.</param>
/// <param name="Model">Exact name, number of the list, or a unique fragment; empty means the active model.</param>
/// <param name="MaxTokens">The most tokens to generate, reasoning included; 0 leaves it to the backend.</param>
/// <param name="Think">Whether the model may reason before it answers. Its reasoning is never part of the answer.</param>
internal sealed record ChatRequest(string Prompt, string System = "", string Model = "", int MaxTokens = 0, bool Think = false)
{
    /// <summary>Who asks, for the log of calls: the tool's name, or cli.</summary>
    public string Tool { get; init; } = "cli";

    /// <summary>The files that the prompt is about, as they were named: paths, ranges of lines, globs.</summary>
    public IReadOnlyList<string> FileNames { get; init; } = [];

    /// <summary>Where files may be read and written; null where none is named.</summary>
    public Roots? Roots { get; init; }

    /// <summary>The file that the answer is to become, relative to a root; null when it is handed back.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Whether that file may be there already.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The files, read. They go before the prompt, so that the next question about them finds them in the backend's cache.</summary>
    public FileSet Files { get; init; } = FileSet.None;

    /// <summary>The form that the answer must have; null for plain text.</summary>
    public AnswerSchema? Schema { get; init; }

    /// <summary>An answer that did not have the form, to be put right; null in the first try.</summary>
    public Repair? Repair { get; init; }

    /// <summary>Tokens of the served context that the prompt leaves for the answer; null where that is not known.</summary>
    public int? Room { get; init; }

    /// <summary>The most tokens to ask for: <see cref="MaxTokens"/>, bounded by <see cref="Room"/>; null leaves it to the backend.</summary>
    public int? MostTokens => MaxTokens > 0 ? Math.Min(MaxTokens, Room ?? MaxTokens) : null;

    /// <summary>What the model is told, in order. Everything that tends to stay the same from question to question comes first.</summary>
    public IReadOnlyList<ChatMessage> Messages
    {
        get
        {
            List<ChatMessage> messages = System.Length > 0 ? [new ChatMessage("system", System)] : [];
            messages.Add(new ChatMessage("user", Question));
            if (Repair is { } repair)
                messages.AddRange([new ChatMessage("assistant", repair.Answer), new ChatMessage("user", repair.Complaint)]);
            return messages;
        }
    }

    private readonly Joined joined = new();

    private string Question => joined.Of(this);

    /// <summary>
    /// The question, put together once for all copies of a request that say the same: with files it is long, and it is asked for half a dozen times in a call.
    /// Equal to any other, for it is no part of what a request says.
    /// </summary>
    private sealed class Joined
    {
        private volatile Told? last;

        public string Of(ChatRequest request)
        {
            var known = last;
            if (known?.Says(request) is true)
                return known.Text;
            string[] parts = [request.Files.Text, request.Prompt, request.OutputPath is null ? "" : AnswerFile.Instruction(request.OutputPath), request.Schema?.Instruction ?? ""];
            var text = string.Join("\n\n", parts.Where(part => part.Length > 0));
            last = new Told(request, text);
            return text;
        }

        public override bool Equals(object? other) => other is Joined;

        public override int GetHashCode() => 0;
    }

    private sealed class Told(ChatRequest from, string text)
    {
        private readonly (FileSet Files, string Prompt, string? Path, AnswerSchema? Schema) of = (from.Files, from.Prompt, from.OutputPath, from.Schema);

        public string Text => text;

        public bool Says(ChatRequest request) =>
            ReferenceEquals(of.Files, request.Files) && ReferenceEquals(of.Prompt, request.Prompt) && ReferenceEquals(of.Path, request.OutputPath) && ReferenceEquals(of.Schema, request.Schema);
    }
}

/// <summary>One message of a chat.</summary>
/// <param name="Role">system, user or assistant.</param>
internal sealed record ChatMessage(string Role, string Content);

/// <summary>An answer that is not valid, and what is to be done about it, in words for the model.</summary>
internal sealed record Repair(string Answer, string Complaint);
