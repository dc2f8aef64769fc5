using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class MachineProfileTests
{
    [Fact]
    public void This_machine_has_memory_and_cores_and_no_more_is_free_than_there_is()
    {
        var machine = MachineProfile.Read();
        Assert.InRange(machine.TotalMemory!.Value, 64L * 1024 * 1024, 64L * 1024 * 1024 * 1024 * 1024);
        Assert.InRange(machine.PhysicalCores ?? 1, 1, Environment.ProcessorCount);
        if (OperatingSystem.IsLinux())
            Assert.InRange(machine.AvailableMemory!.Value, 1, machine.TotalMemory.Value);
    }

    [Fact]
    public void Where_it_is_not_known_what_is_free_three_quarters_of_all_count() =>
        Assert.Equal(12_000, new MachineProfile(16_000, null, null).MemoryForModels);

    [Fact]
    public void A_machine_of_one_core_gives_the_engine_that_one() => Assert.Equal(1, new MachineProfile(null, null, 1).EngineThreads);
}
