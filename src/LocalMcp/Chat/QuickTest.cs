using System.Globalization;
using System.Text;

namespace LocalMcp.Chat;

/// <summary>One short chat on the road that every chat takes, told in full: for the tool quick_test and <c>local-mcp test</c>.</summary>
internal sealed class QuickTest(ChatService chat)
{
    // Enough for a greeting after some reasoning, and an end to a model that finds none.
    private const int MostTokens = 1024;
    private const int MostCharacters = 600;

    /// <param name="Text">What was found, a line each; the last one begins with PASS or FAIL.</param>
    /// <param name="Reply">The answer; null when there was none.</param>
    internal sealed record Outcome(bool Passed, string Text, ChatReply? Reply = null);

    public async Task<Outcome> RunAsync(string prompt, Action<ChatDelta> watch, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await chat.AskAsync(new ChatRequest(prompt, MaxTokens: MostTokens) { Tool = "quick_test" }, watch, cancellationToken);
            return Trouble(reply) is { } trouble
                ? new Outcome(false, $"{Lines(reply)}\nFAIL {trouble}", reply)
                : new Outcome(true, $"{Lines(reply)}\nPASS {reply.Model.Name} ({reply.Model.Backend}) answers.", reply);
        }
        catch (LocalMcpException failed)
        {
            return new Outcome(false, $"FAIL no answer: {failed.Message}");
        }
    }

    private static string? Trouble(ChatReply reply) => reply switch
    {
        { Trouble: { } trouble } => $"the answer broke off: {trouble}",
        { Finish: FinishReason.Refused } => "the server's content filter withheld the rest of the answer.",
        { Finish: FinishReason.Length } when Repetition.AtTheEnd(reply.Text) is { } loop => $"the answer goes round in circles: {loop}. Choose another model with set_model.",
        _ => null,
    };

    private static string Lines(ChatReply reply)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Reply: {Shown(reply.Text)}{(reply.Ending is { } ending ? $" [{ending}]" : "")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"First token: {(reply.FirstToken is { } first ? $"{first.TotalSeconds:0.0##} s" : "not measured")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Speed: {(reply.TokensPerSecond is { } speed ? $"{speed:0.#} tok/s" : "not reported")}{(reply.Usage.AnswerTokens is { } tokens ? $" ({tokens} token{(tokens == 1 ? "" : "s")})" : "")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Model asked for: {reply.Model.Name} ({reply.Model.Backend}){(reply.Model.SmokeTest ? ": the smoke-test model, which proves the engine but is no real model" : "")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Model that answered: {Answered(reply)}");
        text.Append(CultureInfo.InvariantCulture, $"Reasoning: {(reply.Reasoned ? "found and stripped" : "none found")}");
        return text.ToString();
    }

    private static string Shown(string text) => text.Trim() is { Length: > MostCharacters } trimmed ? $"{trimmed[..MostCharacters]}… ({trimmed.Length} characters)" : text.Trim();

    private static string Answered(ChatReply reply) => reply switch
    {
        { AnsweredBy: null } => "not reported by the backend",
        { AnsweredByAnother: false } => reply.AnsweredBy,
        _ => $"{reply.AnsweredBy}\nWARNING: the backend says that another model answered than was asked for. Some servers always answer with the model that they have loaded, or report a wrong name; check which one it has loaded.",
    };
}
