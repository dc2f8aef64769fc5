using System.Text.Json.Serialization;

namespace LocalMcp.Stats;

/// <summary>One call as it is kept: figures and names, nothing of what was asked or answered. What is not known is null.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Tool">chat, chat_to_file, quick_test, or chat in the terminal as cli.</param>
/// <param name="Ending">ok; cut, partial, malformed or not written, when there was an answer all the same; cancelled, or the kind of the failure, when there was none.</param>
internal sealed record CallRecord(DateTimeOffset At, string Tool, string Ending)
{
    /// <summary>The ending of a whole answer.</summary>
    public const string Whole = "ok";

    /// <summary>Whether there was no answer at all; a part of one is no failure here.</summary>
    [JsonIgnore]
    public bool Failed => Ending is not (Whole or "cut" or "partial" or "malformed" or "not written");

    /// <summary>The model's name; null when the call failed before one was chosen.</summary>
    public string? Model { get; init; }

    public string? Backend { get; init; }

    /// <summary>Tokens of the prompt, files included, as the backend counted them.</summary>
    public int? Prompt { get; init; }

    /// <summary>Tokens generated, reasoning included, as the backend counted them.</summary>
    public int? Answer { get; init; }

    /// <summary>Tokens of the answer without its reasoning.</summary>
    public int? Text { get; init; }

    /// <summary>How many files were read.</summary>
    public int Files { get; init; }

    /// <summary>An estimate: the files' share of the prompt's tokens, by bytes.</summary>
    public int? FileTokens { get; init; }

    /// <summary>An estimate: tokens of what the client wrote for this call: the prompt without the files, and their names.</summary>
    public int? Written { get; init; }

    /// <summary>An estimate: tokens of what the client got to read: the answer and its footer, or a receipt.</summary>
    public int? Returned { get; init; }

    /// <summary>The whole call, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>To the first token, in seconds, loading included.</summary>
    public double? FirstToken { get; init; }

    /// <summary>Decode speed in tokens per second.</summary>
    public double? Speed { get; init; }
}
