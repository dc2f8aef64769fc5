using System.Text;

namespace LocalMcp.Workspace;

/// <summary>UTF-16 without a mark at its beginning.</summary>
internal static class Utf16
{
    // Enough to see what a file is, and no more than a page of text.
    private const int Sample = 8_192;

    /// <summary>
    /// The encoding where it is obvious: an even number of bytes, the high byte of most units zero as in Western text, and of hardly any the low one.
    /// Null where it is not.
    /// </summary>
    public static Encoding? Guess(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || bytes.Length % 2 != 0)
            return null;
        var sample = bytes[..Math.Min(bytes.Length, Sample)];
        var zeros = (Even: 0, Odd: 0);
        for (var i = 0; i < sample.Length; i += 2)
            zeros = (zeros.Even + (sample[i] == 0 ? 1 : 0), zeros.Odd + (sample[i + 1] == 0 ? 1 : 0));
        var units = sample.Length / 2;
        return zeros switch
        {
            _ when zeros.Even == 0 && zeros.Odd * 10 >= units * 7 => Looks(Encoding.Unicode, sample),
            _ when zeros.Odd == 0 && zeros.Even * 10 >= units * 7 => Looks(Encoding.BigEndianUnicode, sample),
            _ => null,
        };
    }

    // An array of small 16-bit numbers has the same zeros: as a text it would be control characters for the most part.
    private static Encoding? Looks(Encoding encoding, ReadOnlySpan<byte> sample)
    {
        var text = encoding.GetString(sample);
        return text.Count(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')) * 50 <= text.Length ? encoding : null;
    }
}
