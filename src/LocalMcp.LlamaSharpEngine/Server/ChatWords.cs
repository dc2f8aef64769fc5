using LocalMcp.LlamaSharpEngine.Batching;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>The events of one answer in the wire's words.</summary>
/// <param name="created">Seconds since 1970.</param>
internal sealed class ChatWords(string model, long created)
{
    private readonly string id = $"chatcmpl-{Guid.NewGuid():N}";

    public ChatReply Start() => Chunk(new ChatReplyChoice(0, null) { Delta = new ChatPart { Role = "assistant", Content = "" } });

    public ChatReply Chunk(RunEvent step) => step switch
    {
        RunEvent.Text text => Chunk(new ChatReplyChoice(0, null) { Delta = new ChatPart { Content = text.Piece } }),
        RunEvent.PromptRead read => Chunk(new ChatReplyChoice(0, null) { Delta = new ChatPart() }) with { PromptProgress = ChatProgress.Of(read) },
        RunEvent.Finished end => Chunk(new ChatReplyChoice(0, ChatReplyChoice.Reason(end.AtLimit)) { Delta = new ChatPart() }) with { Timings = ChatTimings.Of(end.Timings) },
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Failures have their own shape."),
    };

    public ChatReply Cost(RunTimings timings) => Chunk() with { Usage = ChatUsage.Of(timings), Timings = ChatTimings.Of(timings) };

    public ChatReply Whole(string text, RunEvent.Finished end) => new(
        id, "chat.completion", created, model, [new ChatReplyChoice(0, ChatReplyChoice.Reason(end.AtLimit)) { Message = new ChatPart { Role = "assistant", Content = text } }])
    {
        Usage = ChatUsage.Of(end.Timings),
        Timings = ChatTimings.Of(end.Timings),
    };

    private ChatReply Chunk(params ChatReplyChoice[] choices) => new(id, "chat.completion.chunk", created, model, choices);
}
