namespace LocalMcp.Workspace;

/// <summary>The encoding of Western Windows, which .NET has only in its tables of code pages. Source: the Encoding Standard's index windows-1252.</summary>
internal static class Windows1252
{
    // 0x80 to 0x9F; elsewhere a byte is the character of its number. Five stand for nothing.
    private const string Upper = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

    /// <summary>The text; null when there is a byte in it that stands for nothing.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = bytes[i] is >= 0x80 and < 0xA0 ? Upper[bytes[i] - 0x80] : (char)bytes[i];
            if (bytes[i] >= 0x80 && text[i] == '\0')
                return null;
        }
        return new string(text);
    }
}
