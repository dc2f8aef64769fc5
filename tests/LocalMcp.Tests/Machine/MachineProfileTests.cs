using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class MachineProfileTests
{
    private const long Gibibyte = 1L << 30;

    [Fact]
    public void This_machine_has_memory_and_cores_and_no_more_is_free_than_there_is()
    {
        var machine = MachineProfile.Read();
        Assert.InRange(machine.TotalMemory!.Value, 64L * 1024 * 1024, 64L * 1024 * 1024 * 1024 * 1024);
        Assert.InRange(machine.PhysicalCores ?? 1, 1, Environment.ProcessorCount);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            Assert.InRange(machine.AvailableMemory!.Value, 1, machine.TotalMemory.Value);
    }

    [Fact]
    public void This_machine_says_the_same_of_its_constant_parts_when_it_is_read_again()
    {
        var (first, second) = (MachineProfile.Read(), MachineProfile.Read());
        Assert.Equal((first.TotalMemory, first.PhysicalCores, first.Chip, first.Bandwidth, first.IsUnifiedMemory, first.GpuWorkingSet), (second.TotalMemory, second.PhysicalCores, second.Chip, second.Bandwidth, second.IsUnifiedMemory, second.GpuWorkingSet));
    }

    [Fact]
    public void Where_it_is_not_known_what_is_free_three_quarters_of_all_count() =>
        Assert.Equal(12_000, new MachineProfile(16_000, null, null).MemoryForModels);

    [Fact]
    public void On_a_pc_a_model_may_take_what_is_free_and_what_residents_leave_of_all()
    {
        var machine = new MachineProfile(32 * Gibibyte, 20 * Gibibyte, null);
        Assert.Equal(20 * Gibibyte, machine.MemoryForModels);
        Assert.Equal(8 * Gibibyte, (machine with { TakenMemory = 24 * Gibibyte }).MemoryForModels);
        Assert.Equal(32 * Gibibyte, machine.MostForModels);
    }

    [Theory]
    [InlineData(8, 4.59)]
    [InlineData(16, 13.18)]
    [InlineData(24, 19.77)]
    [InlineData(32, 28.36)]
    [InlineData(128, 131.44)]
    public void Of_unified_memory_macOS_keeps_four_gigabytes_and_six_on_larger_machines(int gibibytes, double gigabytes) =>
        Assert.Equal(gigabytes, Math.Round(Mac(gibibytes * Gibibyte, null).MostForModels!.Value / 1e9, 2));

    [Fact]
    public void On_unified_memory_a_model_may_take_what_residents_and_macOS_leave_for_macOS_makes_room()
    {
        Assert.Equal(28_359_738_368, Mac(32 * Gibibyte, null).MemoryForModels);
        Assert.Equal(28_359_738_368, Mac(32 * Gibibyte, 10 * Gibibyte).MemoryForModels);
        Assert.Equal(28_359_738_368, Mac(32 * Gibibyte, 31 * Gibibyte).MemoryForModels);
        Assert.Equal(8_359_738_368, (Mac(32 * Gibibyte, 31 * Gibibyte) with { TakenMemory = 20_000_000_000 }).MemoryForModels);
        Assert.Equal(8_359_738_368, (Mac(32 * Gibibyte, null) with { TakenMemory = 20_000_000_000 }).MemoryForModels);
    }

    [Fact]
    public void Nothing_known_stays_nothing_known()
    {
        var machine = new MachineProfile(null, null, null) { IsUnifiedMemory = true };
        Assert.Null(machine.MemoryForModels);
        Assert.Null(machine.MostForModels);
        Assert.Empty(machine.Cards);
    }

    [Fact]
    public void A_machine_of_one_core_gives_the_engine_that_one() => Assert.Equal(1, new MachineProfile(null, null, 1).EngineThreads);

    private static MachineProfile Mac(long total, long? available) => new(total, available, 8) { IsUnifiedMemory = true };
}
