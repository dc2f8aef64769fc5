using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalMcp.FakeServer;

/// <summary>What a chat request asks for, whichever wire it came on.</summary>
internal sealed record ChatAsk(FakeModel Model, string AskedName, string AnsweredName, JsonArray Messages, int? MaxTokens, bool ThinkingOff, bool Stream);

/// <summary>What the model says to it, token by token.</summary>
internal sealed partial record ChatScript(ChatAsk Ask, IReadOnlyList<Piece> Pieces, string Finish, int PromptTokens)
{
    private const int EndlessTokens = 100_000;

    // Token counts of a model are given in times of 20 ms each where no speed is set.
    private const double NominalSpeed = 50;

    public string Content => string.Concat(Pieces.Where(piece => !piece.IsReasoning).Select(piece => piece.Text));

    public string Reasoning => string.Concat(Pieces.Where(piece => piece.IsReasoning).Select(piece => piece.Text));

    public double PromptMilliseconds => PromptTokens;

    public static double AnswerMilliseconds(FakeOptions options, int tokens) =>
        tokens * 1000 / (options.TokensPerSecond > 0 ? options.TokensPerSecond : NominalSpeed);

    public static ChatScript For(FakeOptions options, ChatAsk ask)
    {
        var all = Everything(options, ask);
        var limit = ask.MaxTokens is >= 0 and var max ? max : options.Endless ? EndlessTokens : int.MaxValue;
        if (options.Endless && all.Count > 0)
            all = [.. Enumerable.Range(0, limit).Select(index => all[index % all.Count])];
        var cut = options.Endless || all.Count > limit;
        return new ChatScript(ask, [.. all.Take(limit)], options.FinishReason ?? (cut ? "length" : "stop"), options.PromptTokens ?? CountWords(ask.Messages));
    }

    /// <summary>Text of a message, whether it is a string or a list of parts.</summary>
    public static string TextOf(JsonNode? message) => message?["content"] switch
    {
        JsonArray parts => string.Concat(parts.Select(part => part?["text"]?.ToString())),
        var content => content?.ToString() ?? "",
    };

    public static int CountWords(string text) => Words().Count(text);

    private static int CountWords(JsonArray messages) => messages.Sum(message => CountWords(TextOf(message)));

    private static List<Piece> Everything(FakeOptions options, ChatAsk ask)
    {
        var lastUser = TextOf(ask.Messages.LastOrDefault(message => message?["role"]?.ToString() == "user"));
        var answer = (options.Chunks ?? Cut(options.AnswerTo?.Invoke(ask.AskedName, lastUser) ?? options.Answer)).Select(text => new Piece(text));
        if (ask.ThinkingOff)
            return [.. answer];

        var reasoning = options.ReasoningChunks ?? Cut(options.Reasoning ?? "");
        if (reasoning.Count == 0)
            return [.. answer];
        if (options.ReasoningForm == ReasoningForm.ThinkTags)
            return [.. ((string[])["<think>", "\n", .. reasoning, "\n", "</think>", "\n\n"]).Select(text => new Piece(text)), .. answer];
        return [.. reasoning.Select(text => new Piece(text, IsReasoning: true)), .. answer];
    }

    /// <summary>By words, with the space in front of them as models do; nothing is lost.</summary>
    private static string[] Cut(string text) => [.. Tokens().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"\s*\S+|\s+$")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();
}
