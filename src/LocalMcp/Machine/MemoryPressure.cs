namespace LocalMcp.Machine;

/// <summary>How short of memory the system is now. Each system has its own measure, and neither can be turned into the other.</summary>
/// <param name="Level">What macOS says (kern.memorystatus_vm_pressure_level); null elsewhere.</param>
/// <param name="StalledPercent">What Linux says: of the last 10 s, the percent in which some process waited for memory (/proc/pressure/memory, some avg10), 0 to 100; null elsewhere.</param>
internal sealed record MemoryPressure(PressureLevel? Level, double? StalledPercent);

/// <summary>The three levels of macOS, with its numbers: NOTE_MEMORYSTATUS_PRESSURE_NORMAL, _WARN and _CRITICAL of XNU's sys/event_private.h.</summary>
internal enum PressureLevel
{
    Normal = 1,
    Warning = 2,
    Critical = 4,
}
