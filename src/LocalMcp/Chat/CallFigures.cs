using System.Text;
using LocalMcp.Backends;
using LocalMcp.Stats;

namespace LocalMcp.Chat;

/// <summary>What is kept of a call: figures alone, made from its question and its reply.</summary>
internal static class CallFigures
{
    public static CallRecord Of(ChatRequest request, ChatReply reply, DateTimeOffset at, TimeSpan took)
    {
        var text = reply.Usage.AnswerTokens - (reply.ReasoningTokens ?? 0);
        var returned = Encoding.UTF8.GetByteCount(reply.Render());
        var (prompt, files, names) = (Bytes((request with { Files = reply.Files }).Messages.Select(message => message.Content)), Encoding.UTF8.GetByteCount(reply.Files.Text), Bytes(request.FileNames));
        return new CallRecord(at, request.Tool, Ending(reply))
        {
            Model = reply.Model.Name,
            Backend = reply.Model.Backend,
            Prompt = reply.Usage.PromptTokens,
            Answer = reply.Usage.AnswerTokens,
            Text = text,
            Files = reply.Files.Count,
            FileTokens = reply.FileTokens,
            Written = Share(reply.PromptTokens, prompt - files + names, prompt),
            Returned = Share(text, returned, Encoding.UTF8.GetByteCount(reply.Text)),
            Seconds = Math.Round(took.TotalSeconds, 3),
            FirstToken = reply.FirstToken is { } first ? Math.Round(first.TotalSeconds, 3) : null,
            Speed = reply.TokensPerSecond is { } speed ? Math.Round(speed, 1) : null,
        };
    }

    /// <summary>A call without an answer.</summary>
    public static CallRecord Of(ChatRequest request, Exception failed, ChatDelta.Routed? route, DateTimeOffset at, TimeSpan took) => new(at, request.Tool, Ending(failed))
    {
        Model = route?.Model.Name,
        Backend = route?.Model.Backend,
        Seconds = Math.Round(took.TotalSeconds, 3),
    };

    private static string Ending(ChatReply reply) => reply switch
    {
        { Trouble: not null } => "partial",
        { Finish: not FinishReason.Stop } => "cut",
        { Malformed: not null } => "malformed",
        { NotWritten: not null } => "not written",
        _ => CallRecord.Whole,
    };

    private static string Ending(Exception failed) => failed switch
    {
        OperationCanceledException => "cancelled",
        BackendException known => known.Failure.ToString().ToLowerInvariant(),
        LocalMcpException => "refused here",
        _ => "defect",
    };

    // An estimate: tokens of a part, by its share of the bytes.
    private static int? Share(int? tokens, long part, long whole) => tokens is { } all && whole > 0 ? (int)Math.Min(int.MaxValue, Math.Round(all * (double)part / whole)) : null;

    private static long Bytes(IEnumerable<string> texts) => texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
}
