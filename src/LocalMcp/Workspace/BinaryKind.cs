namespace LocalMcp.Workspace;

/// <summary>What a binary file seems to be, by the bytes at its beginning. Source: the formats' own specifications, and the table of file(1).</summary>
internal static class BinaryKind
{
    // The archive of tar(1) has its mark behind the header's first fields.
    private const int TarMark = 257;

    /// <summary>With an article: <c>a PNG picture</c>. Null for what we do not know.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG picture",
        [0xFF, 0xD8, 0xFF, ..] => "a JPEG picture",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF picture",
        [(byte)'I', (byte)'I', 0x2A, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A, ..] => "a TIFF picture",
        [0, 0, 1, 0, ..] => "an icon",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "a ZIP archive, or an office document, a JAR or a wheel, which are such",
        [0x1F, 0x8B, ..] => "compressed by gzip",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "compressed by bzip2",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "compressed by xz",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "compressed by zstd",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "a 7-Zip archive",
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "a RAR archive",
        [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "a program or library (ELF)",
        [0xCF or 0xCE, 0xFA, 0xED, 0xFE, ..] => "a program or library (Mach-O)",
        [0xCA, 0xFE, 0xBA, 0xBE, ..] => "a Java class, or a program for several processors",
        [(byte)'M', (byte)'Z', ..] => "a program or library of Windows or .NET",
        [0, (byte)'a', (byte)'s', (byte)'m', ..] => "a WebAssembly module",
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "a model (GGUF)",
        [(byte)'w', (byte)'O', (byte)'F', (byte)'F' or (byte)'2', ..] or [0, 1, 0, 0, ..] or [(byte)'O', (byte)'T', (byte)'T', (byte)'O', ..] => "a font",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] or [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] or [(byte)'I', (byte)'D', (byte)'3', ..] => "a sound",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] or [0x1A, 0x45, 0xDF, 0xA3, ..] => "a video",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet table",
        _ when bytes.StartsWith("SQLite format 3"u8) => "an SQLite database",
        _ when bytes.StartsWith("RIFF"u8) => "a sound, a picture or a video (RIFF)",
        _ when bytes.Length > TarMark && bytes[TarMark..].StartsWith("ustar"u8) => "a TAR archive",
        _ => null,
    };
}
