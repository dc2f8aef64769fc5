using System.Globalization;
using LocalMcp.Machine;
using LocalMcp.Models;

namespace LocalMcp.Doctor;

/// <summary>What the machine has, and what is left of it now.</summary>
internal static class MachineCheck
{
    public static Check Of(string title, MachineProfile machine)
    {
        var memory = machine.TotalMemory is { } total ? $"{ListingText.Size(total)} of memory" : "memory of an unknown size";
        var free = machine.AvailableMemory is { } available ? $"{ListingText.Size(available)} of it available" : "how much is available is not known";
        var cores = machine.PhysicalCores is { } physical ? string.Create(CultureInfo.InvariantCulture, $"{physical} physical {(physical == 1 ? "core" : "cores")}") : "physical cores not known";
        return Check.Good(title, $"{memory}, {free}; {cores}");
    }
}
