using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>A place for one conversation at a time. It remembers the tokens of the last one until another takes its place.</summary>
internal sealed class Slot(int number)
{
    public int Number => number;

    /// <summary>The tokens that the model has read here.</summary>
    public List<LLamaToken> Tokens { get; } = [];

    /// <summary>The run that it is taken by.</summary>
    public ChatRun? Run { get; set; }

    /// <summary>The turn in which it was last taken.</summary>
    public long LastTaken { get; set; }

    public void Shorten(int length) => Tokens.RemoveRange(length, Tokens.Count - length);

    /// <summary>How many tokens of the prompt are known here. The last one is always read again, since the answer starts from it.</summary>
    public int Common(LLamaToken[] prompt)
    {
        var most = Math.Min(Tokens.Count, prompt.Length - 1);
        var length = 0;
        while (length < most && Tokens[length] == prompt[length])
            length++;
        return length;
    }
}
