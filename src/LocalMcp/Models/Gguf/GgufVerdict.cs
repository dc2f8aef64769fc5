using System.Globalization;

namespace LocalMcp.Models.Gguf;

/// <summary>What one look into a file found.</summary>
/// <param name="Header">What it says of itself; null when that cannot be read.</param>
/// <param name="Broken">Why no engine could load it: a short phrase without a period; null for a sound file.</param>
internal sealed record GgufVerdict(GgufHeader? Header, string? Broken)
{
    /// <exception cref="IOException">The file cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    public static GgufVerdict Of(FileInfo file)
    {
        // A pipe has no length either, and opening it would wait for a writer.
        if (file.Length == 0)
            return new GgufVerdict(null, "the file is empty");
        try
        {
            var header = GgufHeader.Read(file.FullName);
            return new GgufVerdict(header, file.Length < header.Extent ? CutOff(file.Length, header.Extent.Value) : null);
        }
        catch (InvalidDataException broken)
        {
            return new GgufVerdict(null, broken.Message);
        }
    }

    private static string CutOff(long length, long extent) => (ListingText.Size(length), ListingText.Size(extent)) is var (has, needs) && has != needs
        ? $"holds {has} of {needs}"
        : string.Create(CultureInfo.InvariantCulture, $"holds {length:N0} of {extent:N0} bytes");
}
