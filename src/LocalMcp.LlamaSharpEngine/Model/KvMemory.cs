using LLama.Exceptions;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>The KV memory of all slots: what llama.cpp remembers of the tokens it has read. Used by one thread.</summary>
internal sealed class KvMemory(SafeLLamaContextHandle context)
{
    /// <summary>Whether a slot can go back to an earlier token. Recurrent models remember only where they are.</summary>
    public bool CanGoBack { get; private set; }

    public int Capacity => (int)context.BatchSize;

    public DecodeResult Read(LLamaBatch batch) => context.Decode(batch);

    /// <summary>Forgets what slot has from this position on, and returns how many tokens it still has: none where going back is not possible.</summary>
    public int Rewind(int slot, int length)
    {
        if (length > 0 && Length(slot) > length)
            context.MemorySequenceRemove((LLamaSeqId)slot, length, -1);
        if (length > 0 && Length(slot) == length)
            return length;
        Clear(slot);
        return 0;
    }

    public void Clear(int slot) => context.MemorySequenceRemove((LLamaSeqId)slot, -1, -1);

    /// <summary>Lets a slot share the first tokens of another one, in place of what it had, and returns how many it has then.</summary>
    public int Share(int from, int to, int length)
    {
        Clear(to);
        if (!CanGoBack)
            return 0;
        context.MemorySequenceCopy((LLamaSeqId)from, (LLamaSeqId)to, 0, length);
        return Rewind(to, length);
    }

    /// <summary>Reads two tokens: whether the model answers at all, whether it can go back, and its weights are in memory then.</summary>
    /// <exception cref="LoadException">It does not answer.</exception>
    public void Try()
    {
        var batch = new LLamaBatch();
        batch.AddRange([0, 0], 0, LLamaSeqId.Zero, logitsLast: true);
        var result = Read(batch);
        if (result != DecodeResult.Ok)
            throw new LoadException($"error: llama.cpp could not compute with this model ({result}); most likely it does not fit into memory. Lower --ctx-size, or choose a smaller model.");
        try
        {
            context.GetLogitsIth(1);
        }
        catch (GetLogitsInvalidIndexException)
        {
            throw new LoadException("error: this model computes no next token, so it cannot chat. Choose a chat model.");
        }
        CanGoBack = Rewind(0, 1) == 1;
        Clear(0);
    }

    private int Length(int slot) => context.MemorySequenceMaxPosition((LLamaSeqId)slot).Value + 1;
}
