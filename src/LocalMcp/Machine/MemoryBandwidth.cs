using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>
/// Bandwidths that makers give for chips and cards, by the name that the machine says. A name is compared by its words, all of them, makers' names left out:
/// M4 is never M4 Pro, and a laptop's RTX 4090 Laptop GPU is never an RTX 4090.
/// </summary>
internal static partial class MemoryBandwidth
{
    // What drivers write before and behind a product's own name.
    private static readonly HashSet<string> Fillers = ["amd", "apple", "geforce", "graphics", "instinct", "nvidia", "radeon", "tesla"];

    private static readonly ILookup<string, Entry> ChipsByName = Chips.ToLookup(entry => Key(entry.Name));

    private static readonly ILookup<string, Entry> CardsByName = Cards.ToLookup(entry => Key(entry.Name));

    /// <summary>Of the main memory of a machine with this chip: Apple M3 Max, AMD RYZEN AI MAX+ 395 w/ Radeon 8060S. Null for any other: a PC's depends on the modules in it.</summary>
    /// <param name="parts">What else is known, to tell the chip's variants apart; where that does not suffice, the slowest of them.</param>
    public static Bandwidth? OfChip(string? chip, ChipParts parts) => Of(ChipsByName, chip?.Split(" w/", 2)[0], parts);

    /// <summary>Of a card's own memory. Null when it is not in the table.</summary>
    /// <param name="memory">Its bytes: some names were sold with two sizes.</param>
    public static Bandwidth? OfCard(string? name, long? memory) => Of(CardsByName, name, new ChipParts(null, null, memory));

    /// <summary>Whether the number of GPU cores, which costs a question of its own, tells the variants of this chip apart.</summary>
    public static bool DependsOnGpuCores(string? chip) => ChipsByName[Key(chip)].Any(entry => entry.GpuCores is not null);

    private static Bandwidth? Of(ILookup<string, Entry> table, string? name, ChipParts parts)
    {
        var variants = table[Key(name)].Where(entry => entry.CanBe(parts)).OrderBy(entry => entry.Gigabytes).ToList();
        if (variants.Count == 0)
            return null;
        var slowest = variants[0];
        return new Bandwidth((long)Math.Round(slowest.Gigabytes * 1e9), variants.Count == 1 ? slowest.Source : $"{slowest.Source}; the slowest of {Figures(variants)}, since the machine does not say which it is");
    }

    private static string Figures(IEnumerable<Entry> variants) => string.Join(" and ", variants.Select(variant => string.Create(CultureInfo.InvariantCulture, $"{variant.Gigabytes} GB/s")));

    private static string Key(string? name) =>
        string.Join(' ', (name ?? "").ToLowerInvariant().Replace("(r)", " ", StringComparison.Ordinal).Replace("(tm)", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Fillers.Contains(word)));

    /// <summary>A row of the table. A condition that is null is none.</summary>
    /// <param name="Gigabytes">GB/s, powers of ten.</param>
    private sealed record Entry(string Name, double Gigabytes, string Source)
    {
        public int? CpuCores { get; init; }

        public int? GpuCores { get; init; }

        /// <summary>GiB of memory that this variant has at least, and at most.</summary>
        public (int Least, int Most)? Gibibytes { get; init; }

        /// <summary>Whether nothing that is known speaks against it.</summary>
        public bool CanBe(ChipParts parts) =>
            (CpuCores is null || parts.CpuCores is null || CpuCores == parts.CpuCores)
            && (GpuCores is null || parts.GpuCores is null || GpuCores == parts.GpuCores)
            && (Gibibytes is not { } size || parts.Memory is not { } memory || (Math.Round(memory / (double)(1L << 30)) is var has && has >= size.Least && has <= size.Most));
    }
}

/// <summary>What tells variants of one chip or card apart; null when unknown.</summary>
/// <param name="CpuCores">All of them, of every kind.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record ChipParts(int? CpuCores, int? GpuCores, long? Memory);
