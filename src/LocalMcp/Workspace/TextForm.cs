using System.Text;

namespace LocalMcp.Workspace;

/// <summary>How a text file is written down, beside what it says.</summary>
/// <param name="HasMark">Whether it begins with a byte order mark.</param>
/// <param name="LineEnd">What ends its lines, most of them; null where nothing tells.</param>
/// <param name="IsKnown">False where the encoding is neither marked nor UTF-8: it cannot be kept, and UTF-8 takes its place.</param>
internal sealed record TextForm(Encoding Encoding, bool HasMark, string? LineEnd, bool IsKnown = true)
{
    // Bytes of the longest character of UTF-8, less one: so much of one may stand at the end of a beginning.
    private const int LongestRest = 3;

    /// <summary>A new file's: UTF-8 without a mark, and the line ends that the text has.</summary>
    public static TextForm New { get; } = new(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), HasMark: false, LineEnd: null);

    /// <summary>The form of a file by its beginning. Without a mark it is taken for UTF-8.</summary>
    public static TextForm Of(ReadOnlySpan<byte> beginning)
    {
        var marked = Marked(beginning);
        var encoding = marked ?? New.Encoding;
        return new TextForm(encoding, marked is not null, LineEndOf(encoding.GetString(beginning)), marked is not null || IsUtf8(beginning));
    }

    /// <summary>The same text as the bytes of a file of this form.</summary>
    public byte[] Encode(string text)
    {
        var lines = text.TrimStart('\uFEFF');
        if (LineEnd is not null)
            lines = lines.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", LineEnd, StringComparison.Ordinal);
        return [.. HasMark ? Encoding.GetPreamble() : [], .. Encoding.GetBytes(lines)];
    }

    private static Encoding? Marked(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static bool IsUtf8(ReadOnlySpan<byte> beginning)
    {
        for (var rest = 0; rest <= Math.Min(LongestRest, beginning.Length); rest++)
        {
            if (System.Text.Unicode.Utf8.IsValid(beginning[..^rest]))
                return true;
        }
        return false;
    }

    private static string? LineEndOf(string text)
    {
        var (all, ofWindows) = (text.AsSpan().Count('\n'), text.AsSpan().Count("\r\n"));
        return all == 0 ? null : ofWindows > all - ofWindows ? "\r\n" : "\n";
    }
}
