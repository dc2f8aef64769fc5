using System.Globalization;
using System.Runtime.CompilerServices;
using LocalMcp.Backends;

namespace LocalMcp.Chat;

/// <summary>
/// Ends an answer that goes round in circles, as small models do, in their reasoning or in their text: the same block again and again, to the letter.
/// Lists and tables that only look alike go on, and so do rows of zeros, bytes and dashes, unless they are very long.
/// </summary>
internal sealed class Repetition
{
    /// <summary>So many characters in a row must be repetition: no answer that means it has that many.</summary>
    private const int LeastLength = 8_000;

    /// <summary>So many where the block has few kinds of letters in it: rows of zeros, bytes, dashes and empty cells are data.</summary>
    private const int LeastLengthOfData = 30_000;

    /// <summary>So many where it is blank.</summary>
    private const int LeastLengthOfBlanks = 2_000;

    /// <summary>So many in a test.</summary>
    private const int ShortLength = 1_000;

    private const int FewLetters = 3;

    /// <summary>And the block must have come so many times.</summary>
    private const int LeastTimes = 8;

    /// <summary>The longest block that is looked for, in characters.</summary>
    private const int LongestBlock = 4_000;

    private const int MostKept = (LeastTimes + 1) * LongestBlock;

    // How often to look: a prime, so that it does not keep step with the block.
    private const int Interval = 499;

    // Where these last characters came before is where the block may have begun.
    private const int Probe = 48;

    // A row of dashes at the end fits in many places; the next look falls elsewhere.
    private const int MostTries = 8;

    // Of most answers there is never so much.
    private char[] recent = new char[Interval];
    private int length;
    private int unseen;

    /// <summary>A block that repeats itself: its length in characters, and how many times it has come.</summary>
    internal readonly record struct Loop(int Block, int Times)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the same {Block:N0} character{(Block == 1 ? "" : "s")} {Times:N0} times in a row");
    }

    /// <summary>The same stream, which fails with <see cref="BackendFailure.Repeating"/> when the answer repeats itself.</summary>
    public static async IAsyncEnumerable<ChatDelta> Apply(IAsyncEnumerable<ChatDelta> answer, string label, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var repetition = new Repetition();
        await foreach (var delta in answer.WithCancellation(cancellationToken))
        {
            yield return delta;
            // A piece of such a length is a whole answer: there is nothing to stop.
            var piece = (delta as ChatDelta.Text)?.Value ?? (delta as ChatDelta.Reasoning)?.Value ?? "";
            if (piece.Length < LeastLength && repetition.Take(piece) is { } loop)
                throw new BackendException(BackendFailure.Repeating, $"{label} went round in circles{(delta is ChatDelta.Reasoning ? " in its reasoning" : "")}: {loop}. The request was stopped. Rephrase the prompt, {(request.Think ? "leave think off, " : "")}or choose another model with set_model.");
        }
    }

    /// <summary>The loop that a short answer ends in, or null: nobody waits for a long one in a test.</summary>
    public static Loop? AtTheEnd(string text)
    {
        var repetition = new Repetition();
        for (var at = 0; at < text.Length; at += Interval)
            repetition.Append(text.AsSpan(at, Math.Min(Interval, text.Length - at)));
        return repetition.Find(ShortLength);
    }

    /// <summary>Takes the next piece. Where the answer is seen to repeat itself does not depend on how it was cut.</summary>
    /// <returns>The loop that it is in, or null.</returns>
    public Loop? Take(ReadOnlySpan<char> piece)
    {
        while (piece.Length > 0)
        {
            var taken = Math.Min(piece.Length, Interval - unseen);
            Append(piece[..taken]);
            piece = piece[taken..];
            unseen = (unseen + taken) % Interval;
            if (unseen == 0 && Find() is { } loop)
                return loop;
        }
        return null;
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (length + piece.Length > recent.Length && recent.Length < MostKept)
            Array.Resize(ref recent, Math.Clamp(2 * (length + piece.Length), recent.Length, MostKept));
        if (length + piece.Length > recent.Length)
        {
            // Makes room for a while, so that each character moves only a few times.
            var kept = recent.Length - LongestBlock;
            recent.AsSpan(length - kept, kept).CopyTo(recent);
            length = kept;
        }
        piece.CopyTo(recent.AsSpan(length));
        length += piece.Length;
    }

    // Null: as long as the block asks for.
    private Loop? Find(int? leastLength = null)
    {
        var text = recent.AsSpan(0, length);
        if (length < ShortLength)
            return null;
        var probe = text[^Probe..];
        var end = length;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var from = Math.Max(0, length - LongestBlock - Probe);
            var at = end - 1 - from < Probe ? -1 : text[from..(end - 1)].LastIndexOf(probe);
            if (at < 0)
                return null;
            end = from + at + Probe;
            var block = length - end;
            var same = 0;
            while (same + block < length && text[length - 1 - same] == text[length - 1 - same - block])
                same++;
            var least = leastLength ?? LeastFor(text[^block..]);
            if (same + block >= least && (same + block) / block >= LeastTimes)
                return new Loop(block, (same + block) / block);
        }
        return null;
    }

    private static int LeastFor(ReadOnlySpan<char> block)
    {
        if (block.IsWhiteSpace())
            return LeastLengthOfBlanks;
        HashSet<char> letters = [];
        foreach (var c in block)
        {
            if (char.IsLetter(c))
                letters.Add(char.ToLowerInvariant(c));
        }
        return letters.Count < FewLetters ? LeastLengthOfData : LeastLength;
    }
}
