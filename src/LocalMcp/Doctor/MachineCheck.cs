using System.Globalization;
using LocalMcp.Machine;
using LocalMcp.Models;

namespace LocalMcp.Doctor;

/// <summary>What the machine has, what is left of it now, and whether it is short of memory.</summary>
internal static class MachineCheck
{
    // Of the last ten seconds, in per cent: then something waits for memory that a user notices.
    private const double MuchStalling = 10;

    public static Check Of(string title, MachineProfile machine)
    {
        var free = machine.AvailableMemory is { } available ? $"{ListingText.Size(available)} available" : "how much is available is not known";
        var cores = machine.PhysicalCores is { } physical ? string.Create(CultureInfo.InvariantCulture, $"{physical} physical {(physical == 1 ? "core" : "cores")}") : "physical cores not known";
        return Check.Good(title, $"{MachineText.Of(machine)}; {free}, {cores}");
    }

    /// <summary>Memory pressure and swap now.</summary>
    public static Check Pressure(string title, MachineProfile machine)
    {
        var finding = string.Join("; ", Findings(machine));
        var swapping = machine.SwapUsed > machine.TotalMemory / 10;
        var pressed = machine.Pressure is { Level: PressureLevel.Warning or PressureLevel.Critical } or { StalledPercent: >= MuchStalling };
        return swapping || pressed
            ? Check.Note(title, finding, "Close other programs or choose a smaller model: a model that is swapped out takes minutes for a word. `local-mcp stop` frees the engine's memory.")
            : Check.Good(title, finding);
    }

    private static IEnumerable<string> Findings(MachineProfile machine)
    {
        yield return machine.Pressure switch
        {
            { Level: { } level } => $"the system calls it {level.ToString().ToLowerInvariant()}",
            { StalledPercent: { } percent } => string.Create(CultureInfo.InvariantCulture, $"in {percent:0.#} % of the last 10 s something waited for memory"),
            _ => "the system does not say how short it is",
        };
        yield return (machine.SwapUsed, machine.SwapTotal) switch
        {
            (_, 0) => "no swap",
            ({ } used, { } total) => $"{ListingText.Size(used)} of {ListingText.Size(total)} of swap in use",
            _ => "swap not known",
        };
    }
}
