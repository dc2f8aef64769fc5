namespace LocalMcp.Faults.Fuzzing;

/// <summary>Feeds one reader of the product. An input is bytes; what has to hold for every one of them is in <see cref="TryAsync"/>.</summary>
internal abstract class Fuzzer
{
    /// <summary>By which it is asked for, and the folder of its corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs of the short form: some seconds.</summary>
    public abstract int Rounds { get; }

    /// <summary>Words and numbers that mean something to the reader: mutations put them anywhere.</summary>
    public abstract IReadOnlyList<string> Tokens { get; }

    /// <summary>Bytes that one input may cost in allocations, beside what goes by its length.</summary>
    public virtual long MostBytes => 64 * 1024 * 1024;

    /// <summary>How long one input may take. Far beyond what it takes on a busy machine: this finds what does not end, not what is slow.</summary>
    public virtual TimeSpan Longest => TimeSpan.FromSeconds(15);

    /// <summary>Inputs to begin with that are better made than kept.</summary>
    public virtual IEnumerable<byte[]> MadeCorpus() => [];

    /// <summary>Inputs that are tried as they are, and not changed: long ones.</summary>
    public virtual IEnumerable<byte[]> Hostile() => [];

    /// <summary>Reads one input.</summary>
    /// <param name="random">For everything that is left to chance beside the input, such as where it is cut.</param>
    /// <exception cref="Exception">Anything at all means that the reader is broken.</exception>
    public abstract Task TryAsync(byte[] input, Random random);

    /// <summary>Makes something sound, and checks that the reader understands it as it was meant. Not every reader has this.</summary>
    public virtual Task TrySoundAsync(Random random) => Task.CompletedTask;

    /// <summary>Removes what it has made: folders, processes.</summary>
    public virtual Task EndAsync() => Task.CompletedTask;
}

/// <summary>Something that has to hold for every input did not.</summary>
internal sealed class BrokenException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
            throw new BrokenException(message);
    }

    /// <summary>Errors are shown to people and models: a sentence that is neither empty nor endless, without control characters.</summary>
    public static void UnlessSentence(string message)
    {
        Unless(message.Length is > 10 and < 4_000, $"an error that is empty or endless: {message.Length} characters");
        Unless(!message.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')), "an error with control characters");
        Unless(message.TrimEnd() is [.., '.' or '!' or '?' or ')' or ']' or '}' or '"'], $"an error that is no sentence: {message}");
    }
}
