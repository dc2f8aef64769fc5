using System.Globalization;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;
using LocalMcp.Models.Speed;
using LocalMcp.Workspace;

namespace LocalMcp.Chat;

/// <summary>A whole answer: what was said, who said it, how it ended and what it cost.</summary>
internal sealed record ChatReply
{
    public required ModelFacts Model { get; init; }

    /// <summary>Where its backend is: <see cref="IBackend.Where"/>.</summary>
    public required string Where { get; init; }

    public required string Text { get; init; }

    /// <summary>How the backend ended it; null when it did not end in order.</summary>
    public FinishReason? Finish { get; init; }

    /// <summary>Why the answer is only a part of one; null when it is whole.</summary>
    public string? Trouble { get; init; }

    public Usage Usage { get; init; } = new();

    /// <summary>Decode speed: the backend's own figure, else ours from its token count and our clock, else null.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>What the answer says about the model's speed; null when it says nothing that can be relied on.</summary>
    public SpeedSample? Sample { get; init; }

    /// <summary>From the call to the first token of any kind, loading included; null when no token came on its own.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Whether reasoning was found and taken out.</summary>
    public bool Reasoned { get; init; }

    /// <summary>How many tokens the reasoning cost; null when it cannot be told.</summary>
    public int? ReasoningTokens { get; init; }

    /// <summary>Whether that number is ours: the reasoning's share of the text, of the tokens that the backend counted.</summary>
    public bool ReasoningIsEstimate { get; init; }

    /// <summary>The model that the backend names in its answer, or null.</summary>
    public string? AnsweredBy { get; init; }

    public int MaxTokens { get; init; }

    /// <summary>Tokens of the prompt as we counted or estimated them before it was sent; null when nobody did.</summary>
    public TokenCount? Prompt { get; init; }

    /// <summary>
    /// Tokens of the prompt to reckon with: those that the server counted; ours where it says nothing, or fewer than there can be (it cut the prompt, or counts only what
    /// was not in its cache). Null when nobody counted.
    /// </summary>
    public int? PromptTokens => Usage.PromptTokens is { } said && !(said < Prompt?.Low) ? said : Prompt?.Expected ?? Usage.PromptTokens;

    /// <summary>What of the prompt or the answer the server dropped without saying so, as a sentence; null when there is no sign of that.</summary>
    public SilentCut? Cut { get; init; }

    /// <summary>The files that the question was about.</summary>
    public FileSet Files { get; init; } = FileSet.None;

    /// <summary>An estimate: the files' share of the prompt's tokens, by bytes; null where nobody counted them.</summary>
    public int? FileTokens { get; init; }

    /// <summary>Whether the text is JSON that is valid against the schema that was asked for.</summary>
    public bool IsJson { get; init; }

    /// <summary>Why the text is not the JSON that was asked for; null when it is, and when none was.</summary>
    public string? Malformed { get; init; }

    /// <summary>Whether it is the second answer, since the first one was not valid.</summary>
    public bool Repaired { get; init; }

    /// <summary>What is to be said of the file that the answer has become; null when it has become none.</summary>
    public string? Receipt { get; init; }

    /// <summary>Why it has not become the file that it was to be, and where it is; null otherwise.</summary>
    public string? NotWritten { get; init; }

    /// <summary>Why the answer is no whole one: broken off, cut or withheld. Null when it is.</summary>
    public string? Unfinished => (Trouble, Finish) switch
    {
        ({ } trouble, _) => $"the answer broke off. {trouble}",
        (_, FinishReason.Length) => $"the answer was {Ending}. Raise max_tokens or ask for less.",
        (_, FinishReason.Refused) => "the server's content filter withheld the rest of the answer.",
        _ => Cut is { IsCertain: true } ? Cut.Sentence : null,
    };

    /// <summary>Why the reply is no success; null when it is one.</summary>
    public string? Doubt => Trouble ?? Malformed ?? NotWritten ?? (Cut is { IsCertain: true } ? Cut.Sentence : null);

    /// <summary>The reply to a second try, with what the first one cost.</summary>
    public ChatReply After(ChatReply first) => this with
    {
        Repaired = true,
        FirstToken = first.FirstToken,
        Usage = Usage with { AnswerTokens = Usage.AnswerTokens + first.Usage.AnswerTokens },
        Reasoned = Reasoned || first.Reasoned,
        ReasoningTokens = ReasoningTokens is null && first.ReasoningTokens is null ? null : (ReasoningTokens ?? 0) + (first.ReasoningTokens ?? 0),
    };

    /// <summary>Folds the stream into the reply: the only place where pieces become a whole.</summary>
    /// <exception cref="LocalMcpException">No text came, and why. A failure after some text is a reply with <see cref="Trouble"/>.</exception>
    public static async Task<ChatReply> FoldAsync(IAsyncEnumerable<ChatDelta> stream, ChatRequest request, TimeProvider clock, Action<ChatDelta> watch, CancellationToken cancellationToken)
    {
        var fold = new ChatFold(request, clock);
        try
        {
            await foreach (var delta in stream.WithCancellation(cancellationToken))
            {
                fold.Take(delta);
                watch(delta);
            }
        }
        catch (BackendException failed) when (fold.HasText)
        {
            return fold.Partial(failed);
        }
        catch (BackendException failed) when (fold.HasReasoned)
        {
            throw new BackendException(failed.Failure, $"{failed.Message} Only reasoning had come so far.", failed);
        }
        return fold.Whole();
    }

    /// <summary>The one line under an answer: model, tokens, speed, first token, and how it ended unless that was a plain stop.</summary>
    public string Footer
    {
        get
        {
            var line = new StringBuilder($"— {Model.Name} ({Model.Backend})");
            Add(line, AnsweredByAnother ? $"the backend says {AnsweredBy} answered" : null);
            Add(line, Usage.AnswerTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} token{(tokens == 1 ? "" : "s")}") : "tokens not reported");
            Add(line, Ending);
            Add(line, TokensPerSecond is { } speed ? string.Create(CultureInfo.InvariantCulture, $"{speed:0.#} tok/s") : null);
            Add(line, FirstToken is { } first ? string.Create(CultureInfo.InvariantCulture, $"first token {first.TotalSeconds:0.0##} s") : null);
            Add(line, Removed);
            Add(line, Repaired ? "second try, the first was no valid JSON" : null);
            Add(line, FilesRead);
            Add(line, Files.LeftOut.Count > 0 ? $"left out: {string.Join(", ", Files.LeftOut)}" : null);
            Add(line, Model.SmokeTest ? "smoke test only, not a real model" : null);
            return line.ToString();
        }
    }

    private string? FilesRead => (Files.Count, FileTokens) switch
    {
        (0, _) => null,
        (var count, { } tokens) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} file{(count == 1 ? "" : "s")}, about {tokens:N0} tokens read"),
        (var count, _) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} file{(count == 1 ? "" : "s")} read, tokens not reported"),
    };

    private string? Removed => (Reasoned, ReasoningTokens) switch
    {
        (false, _) => null,
        (_, { } tokens) => string.Create(CultureInfo.InvariantCulture, $"{(ReasoningIsEstimate ? "about " : "")}{tokens:N0} reasoning token{(tokens == 1 ? "" : "s")} removed"),
        _ => "reasoning removed",
    };

    /// <summary>Whether the backend names another model in its answer than was asked for.</summary>
    public bool AnsweredByAnother => IsAnother(AnsweredBy, Model.Name);

    /// <summary>Whether the name in an answer, where there is one, is that of another model.</summary>
    public static bool IsAnother(string? answeredBy, string asked) => answeredBy is not null && !string.Equals(Plain(answeredBy), Plain(asked), StringComparison.OrdinalIgnoreCase);

    /// <summary>The answer as it is handed on: the text or the receipt, then the footer; for a part of an answer, what happened to the rest.</summary>
    public string Render() => this switch
    {
        { Receipt: { } receipt } => Cut is null ? $"{receipt}\n{Footer}" : $"{receipt}\n{Cut.Sentence}\n{Footer}",
        { NotWritten: { } why } => $"{why}\n{Footer}",
        { Trouble: { } trouble } => $"{Text}\n\n{trouble} The text so far is above, incomplete.\n{Footer}",
        { Malformed: { } why } => $"{Text}\n\n{why}\n{Footer}",
        { Cut.Sentence: { } cut } => $"{Text}\n\n{cut}\n{Footer}",
        _ => $"{Text}\n\n{Footer}",
    };

    /// <summary>How it ended, unless that was a plain stop.</summary>
    public string? Ending => (Trouble, Finish) switch
    {
        (not null, _) => "INCOMPLETE",
        _ when Cut is { IsCertain: true } => "TEXT DROPPED BY THE SERVER",
        _ when Cut is not null => "PROMPT PERHAPS CUT BY THE SERVER",
        (_, FinishReason.Length) when MaxTokens > 0 && !(Usage.AnswerTokens < MaxTokens) => string.Create(CultureInfo.InvariantCulture, $"cut at max_tokens {MaxTokens:N0}"),
        (_, FinishReason.Length) => "cut at the end of the context or the server's own limit",
        (_, FinishReason.Refused) => "cut by the server's content filter",
        _ => null,
    };

    private static string Plain(string name) => name.EndsWith(":latest", StringComparison.OrdinalIgnoreCase) ? name[..^7] : name;

    private static void Add(StringBuilder line, string? part)
    {
        if (part is not null)
            line.Append(" · ").Append(part);
    }
}
