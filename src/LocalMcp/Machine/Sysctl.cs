using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>The lines that macOS's program sysctl printed: name, colon, value. A name that is not there, or whose value is none of its kind, is null.</summary>
internal sealed class Sysctl(string text)
{
    private readonly Dictionary<string, string> values = text.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2)
        .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1].Trim());

    public string? Text(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public long? Number(string name) => Whole(Text(name));

    /// <summary>A number that cannot be zero, such as a count of cores: zero says no more than nothing.</summary>
    public long? Positive(string name) => Number(name) is > 0 and var number ? number : null;

    /// <summary>The first number of a version: 26 of 26.4.1.</summary>
    public int? Major(string name) => (int?)Whole(Text(name)?.Split('.')[0]);

    /// <summary>Bytes of a part of a list such as vm.swapusage's: total = 2048.00M  used = 1017.50M  free = 1030.50M  (encrypted).</summary>
    public long? Size(string name, string part)
    {
        var words = (Text(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = Array.IndexOf(words, part);
        if (place < 0 || place + 2 >= words.Length || words[place + 2] is not { Length: > 1 } size)
            return null;
        var unit = size[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 0 };
        return unit > 0 && double.TryParse(size[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (long)(number * unit) : null;
    }

    private static long? Whole(string? value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
