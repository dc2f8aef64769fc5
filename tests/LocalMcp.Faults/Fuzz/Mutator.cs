using System.Text;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>Makes new inputs of old ones.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, IReadOnlyList<string> tokens)
{
    private const int Largest = 256 * 1024;
    private const int MostChanges = 6;

    private static readonly byte[][] Interesting =
    [
        .. new[] { "", "0", "-1", "1", "-0", "1.5", "1e999", "-1e999", "1e-999", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808", "1e18", "0x10", "NaN", "Infinity" }.Select(Encoding.UTF8.GetBytes),
        .. new[] { "null", "true", "false", "{}", "[]", "\"\"", "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u", "\\x", "//", "/*" }.Select(Encoding.UTF8.GetBytes),
        .. new[] { "\0", "\n", "\r", "\r\n", "\n\n", "\t", " ", "\uFEFF", "\u2028", "\u202E", "é", "e\u0301", "🙂", "\u0085", "\u001b[31m" }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x80], [0xFE, 0xFF], [0xF4, 0x90, 0x80, 0x80],
    ];

    private readonly byte[][] words = [.. tokens.Select(Encoding.UTF8.GetBytes)];

    public byte[] Next(Random random)
    {
        var bytes = corpus[random.Next(corpus.Count)];
        for (var changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            bytes = Change(bytes, random);
        return bytes.Length <= Largest ? bytes : bytes[..Largest];
    }

    private byte[] Change(byte[] bytes, Random random)
    {
        var (start, end) = Range(bytes, random);
        return random.Next(10) switch
        {
            0 when bytes.Length > 0 => Flipped(bytes, random),
            1 => [.. bytes[..start], .. bytes[end..]],
            2 => [.. bytes[..start], .. Noise(random), .. bytes[start..]],
            3 => Spliced(bytes, start, end, random),
            4 => Repeated(bytes, start, end, random),
            5 => bytes[..start],
            6 or 7 => [.. bytes[..start], .. Interesting[random.Next(Interesting.Length)], .. bytes[(random.Next(2) == 0 ? start : end)..]],
            _ => words.Length == 0 ? bytes : [.. bytes[..start], .. words[random.Next(words.Length)], .. bytes[(random.Next(2) == 0 ? start : end)..]],
        };
    }

    // Mostly from one mark of the text to another: there a change is more than a broken letter.
    private static (int Start, int End) Range(byte[] bytes, Random random)
    {
        var start = random.Next(bytes.Length + 1);
        var end = Math.Min(bytes.Length, start + (random.Next(8) == 0 ? random.Next(bytes.Length + 1) : random.Next(24)));
        if (random.Next(2) == 0)
            return (start, end);
        while (start > 0 && IsPlain(bytes[start - 1]))
            start--;
        end = Math.Max(start, end);
        while (end < bytes.Length && IsPlain(bytes[end]))
            end++;
        return (start, end);
    }

    private static bool IsPlain(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'_' or (byte)'-' or (byte)'.';

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        var changed = bytes.ToArray();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 9)];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Spliced(byte[] bytes, int start, int end, Random random)
    {
        var other = corpus[random.Next(corpus.Count)];
        var (from, to) = Range(other, random);
        return [.. bytes[..start], .. other[from..to], .. bytes[end..]];
    }

    private static byte[] Repeated(byte[] bytes, int start, int end, Random random)
    {
        var times = random.Next(6) == 0 ? random.Next(1, 2_000) : random.Next(1, 8);
        times = Math.Min(times, Largest / Math.Max(1, end - start));
        return [.. bytes[..start], .. Enumerable.Repeat(bytes[start..end], times).SelectMany(part => part), .. bytes[start..]];
    }
}
