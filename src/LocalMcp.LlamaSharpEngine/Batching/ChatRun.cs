using System.Threading.Channels;
using LLama.Native;
using LocalMcp.LlamaSharpEngine.Server;
using LocalMcp.LlamaSharpEngine.Text;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>One answer on its way. The loop's thread writes it; whoever asked reads the events and may cancel.</summary>
internal sealed class ChatRun(ChatAsk ask, TimeProvider clock)
{
    private readonly Channel<RunEvent> events = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly List<LLamaToken> tokens = [.. ask.Prompt];
    private readonly AnswerText text = new(ask.Stops);
    private volatile bool cancelled;
    private SafeLLamaSamplerChainHandle? sampler;
    private Slot? slot;
    private int cached;
    private long started;
    private long promptRead;

    public ChannelReader<RunEvent> Events => events.Reader;

    public bool IsCancelled => cancelled;

    public LLamaToken[] Prompt => ask.Prompt;

    /// <summary>The slot that it runs in.</summary>
    public Slot Slot => slot!;

    /// <summary>Tokens that the model has to read before it can go on.</summary>
    public int Pending => tokens.Count - Slot.Tokens.Count;

    /// <summary>Whether the prompt was read, and only the last token of the answer is pending.</summary>
    public bool IsWriting => Pending == 1 && tokens.Count > ask.Prompt.Length;

    public void Cancel() => cancelled = true;

    /// <summary>Begins in a slot that knows the first tokens already.</summary>
    public void Begin(Slot place)
    {
        slot = place;
        slot.Run = this;
        cached = slot.Tokens.Count;
        sampler = ask.Sampling.Start(ask.Prompt);
        started = clock.GetTimestamp();
        TellProgress();
    }

    /// <summary>The next so many tokens for the model.</summary>
    public LLamaToken[] Next(int count) => [.. tokens.GetRange(Slot.Tokens.Count, count)];

    public void TellProgress() =>
        events.Writer.TryWrite(new RunEvent.PromptRead(ask.Prompt.Length, cached, Math.Min(Slot.Tokens.Count, ask.Prompt.Length), clock.GetElapsedTime(started).TotalMilliseconds));

    /// <summary>Chooses the next token from a row of numbers that the model computed for it, and returns whether the answer goes on.</summary>
    /// <param name="context">How many tokens the slot may hold.</param>
    public bool Write(LoadedRow row, int context)
    {
        if (promptRead == 0)
            promptRead = clock.GetTimestamp();
        var token = sampler!.Sample(row.Model.Context, row.Index);
        tokens.Add(token);
        if (row.Model.IsEnd(token))
            return Finish(atLimit: false);
        Say(text.Take(row.Model.Bytes(token)));
        if (text.Stopped)
            return Finish(atLimit: false);
        return (Written < ask.MaxTokens || ask.MaxTokens is null) && tokens.Count < context || Finish(atLimit: true);
    }

    public void Fail(RequestError error) => End(new RunEvent.Failed(error));

    /// <summary>Leaves the slot, which keeps what it has read for the next one.</summary>
    public void Leave()
    {
        if (slot is not null)
            slot.Run = null;
        sampler?.Dispose();
        events.Writer.TryComplete();
    }

    private int Written => tokens.Count - ask.Prompt.Length;

    private bool Finish(bool atLimit)
    {
        Say(text.Rest());
        End(new RunEvent.Finished(atLimit, Timings()));
        return false;
    }

    private void Say(string piece)
    {
        if (piece.Length > 0)
            events.Writer.TryWrite(new RunEvent.Text(piece));
    }

    private void End(RunEvent end)
    {
        events.Writer.TryWrite(end);
        events.Writer.TryComplete();
    }

    private RunTimings Timings() => new(
        cached, ask.Prompt.Length - cached, clock.GetElapsedTime(started, promptRead).TotalMilliseconds, Written, clock.GetElapsedTime(promptRead).TotalMilliseconds);
}
