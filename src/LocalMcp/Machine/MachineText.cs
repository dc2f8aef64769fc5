using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>The machine in words.</summary>
internal static class MachineText
{
    /// <summary>Chip, memory, what the GPU takes of it, cards and bandwidth, as far as they are known: <c>Apple M3 Pro, 38.7 GB of memory, 29.0 GB of it for the GPU by default, 150 GB/s</c>.</summary>
    public static string Of(MachineProfile machine) => string.Join(", ", Parts(machine));

    private static IEnumerable<string> Parts(MachineProfile machine)
    {
        yield return machine.Chip ?? "a processor of unknown name";
        yield return machine.TotalMemory is { } total ? $"{Size(total)} of memory" : "memory of an unknown size";
        if (machine.GpuWorkingSet is { } share)
            yield return $"{Size(share)} of it for the GPU by default";
        if (machine.Bandwidth is { } bandwidth)
            yield return string.Create(CultureInfo.InvariantCulture, $"{bandwidth.BytesPerSecond / 1e9:0} GB/s");
        foreach (var card in machine.Cards)
            yield return string.Create(CultureInfo.InvariantCulture, $"{card.Name}{(card.TotalMemory is { } memory ? $" with {Size(memory)}" : "")}{(card.Bandwidth is { } its ? $" at {its.BytesPerSecond / 1e9:0} GB/s" : "")}");
        if (machine is { IsUnifiedMemory: false, Cards.Count: 0 })
            yield return "no GPU";
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
