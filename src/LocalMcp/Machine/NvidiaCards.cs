using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>NVIDIA's cards, by its own program nvidia-smi.</summary>
internal static class NvidiaCards
{
    // It wakes a sleeping driver first, which takes its time.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private static readonly Lazy<string?> Program = new(() => SystemProgram.Find("nvidia-smi"));

    // A driver that hangs is not asked again: every listing would wait for it.
    private static volatile bool hangs;

    /// <summary>The cards now; none where there is no nvidia-smi, or where it does not answer.</summary>
    public static IReadOnlyList<GraphicsCard> Read()
    {
        if (hangs || Program.Value is not { } program)
            return [];
        var text = SystemProgram.Ask(program, ["--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"], Longest);
        hangs = text is null;
        return Of(text ?? "");
    }

    /// <summary>One card a line: its name, and MiB of memory, or a word in brackets where the driver does not know. Any other line is an error's text, and no card.</summary>
    public static IReadOnlyList<GraphicsCard> Of(string text)
    {
        var cards = new List<GraphicsCard>();
        foreach (var fields in text.Split('\n').Select(line => line.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (fields is [{ Length: > 0 } name, var total, var free] && IsSize(total) && IsSize(free))
                cards.Add(new GraphicsCard(name, Bytes(total), Bytes(free), MemoryBandwidth.OfCard(name, Bytes(total))));
        }
        return cards;
    }

    private static bool IsSize(string field) => Bytes(field) is not null || (field.StartsWith('[') && field.EndsWith(']'));

    private static long? Bytes(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) ? mebibytes * 1024L * 1024 : null;
}
