using System.Text;

namespace LocalMcp.Workspace;

/// <summary>
/// What the bytes of a file are: a text, or something else. The text has \n alone at its line ends, no half surrogate pairs and no control characters but tabs:
/// others are shown as Unicode's pictures of them (␛), or as �.
/// </summary>
/// <param name="Text">Null when it is no text.</param>
/// <param name="Else">What it is when it is no text, in one phrase; empty otherwise.</param>
internal sealed record FileText(string? Text, string Else = "")
{
    // What people write has none beyond tabs, line ends, form feeds and the escapes of coloured output. A stray one is no reason to refuse a file.
    private const double MostControls = 0.02;

    // Western languages have one letter in ten beyond ASCII, and rarely one in five. Where there are more, it is another code page.
    private const double MostBeyondAscii = 0.3;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// By the mark at its beginning (UTF-8, UTF-16, UTF-32), else UTF-8 where it is that, UTF-16 where every other byte is zero, else Windows-1252 where that makes a text of Western letters.
    /// </summary>
    public static FileText Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => new FileText(""),
        [0xEF, 0xBB, 0xBF, .. var rest] => Plain(rest),
        [0xFF, 0xFE, 0, 0, .. var rest] => Decoded(Encoding.UTF32, rest),
        [0, 0, 0xFE, 0xFF, .. var rest] => Decoded(new UTF32Encoding(bigEndian: true, byteOrderMark: false), rest),
        [0xFF, 0xFE, .. var rest] => Decoded(Encoding.Unicode, rest),
        [0xFE, 0xFF, .. var rest] => Decoded(Encoding.BigEndianUnicode, rest),
        _ when Utf16.Guess(bytes) is { } utf16 => Decoded(utf16, bytes),
        _ => Plain(bytes),
    };

    private static FileText Plain(ReadOnlySpan<byte> bytes)
    {
        // A PDF may be ASCII throughout, and is still nothing to read.
        if (bytes.StartsWith("%PDF-"u8) || bytes.Contains((byte)0) || TooManyControls(bytes))
            return Binary(bytes);
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return new FileText(TidyText.Of(Strict.GetString(bytes)));
        if (IsDamagedUtf8(bytes))
            return new FileText(TidyText.Of(Encoding.UTF8.GetString(bytes)));
        return Windows1252.Text(bytes) is { } text && BeyondAscii(bytes) <= MostBeyondAscii * bytes.Length
            ? new FileText(TidyText.Of(text))
            : new FileText(null, BinaryKind.Of(bytes) is { } kind ? $"it seems to be {kind}, not text" : "it is binary, or text that is neither UTF-8, UTF-16 nor Windows-1252; convert it to UTF-8");
    }

    private static FileText Decoded(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var text = encoding.GetString(bytes);
        return text.Contains('\0') || text.AsSpan().Count('\uFFFD') > MostControls * text.Length + 1
            ? new FileText(null, $"it begins like {encoding.WebName.ToUpperInvariant()} text, and is not")
            : new FileText(TidyText.Of(text));
    }

    private static FileText Binary(ReadOnlySpan<byte> bytes) => new(null, BinaryKind.Of(bytes) is { } kind ? $"it seems to be {kind}, not text" : "it is binary, not text");

    private static bool TooManyControls(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
            count += value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1B) ? 1 : 0;
        return count > 1 + MostControls * bytes.Length;
    }

    private static int BeyondAscii(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
            count += value >> 7;
        return count;
    }

    // A log that was cut within a letter, or one bad byte among many good letters: what is UTF-8 otherwise does not become Windows-1252 by it.
    private static bool IsDamagedUtf8(ReadOnlySpan<byte> bytes)
    {
        var (good, bad) = (0, 0);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out _, out var length);
            good += status == System.Buffers.OperationStatus.Done && length > 1 ? 1 : 0;
            bad += status == System.Buffers.OperationStatus.Done ? 0 : 1;
            bytes = bytes[length..];
        }
        return good >= 8 * bad;
    }
}
