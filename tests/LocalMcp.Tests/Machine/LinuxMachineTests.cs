using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class LinuxMachineTests
{
    private const long Gibibyte = 1L << 30;

    private const string Memory = """
        MemTotal:       32768000 kB
        MemFree:         1024000 kB
        MemAvailable:   20480000 kB
        SwapTotal:       8388604 kB
        SwapFree:        8000000 kB
        """;

    private const string Processor = """
        processor	: 0
        vendor_id	: AuthenticAMD
        model name	: AMD Ryzen 9 7950X 16-Core   Processor
        """;

    [Fact]
    public void A_pc_says_its_memory_its_chip_and_what_is_swapped()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/cpuinfo", Processor)
            .With("/proc/self/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n")
            .With("/proc/pressure/memory", "some avg10=1.25 avg60=0.05 avg300=0.01 total=5443154\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=5132234\n");
        foreach (var (cpu, core) in new[] { (0, 0), (1, 1), (2, 0), (3, 1) })
            tree.With($"/sys/devices/system/cpu/cpu{cpu}/topology/core_id", $"{core}\n").With($"/sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", "0\n");
        var machine = tree.Read();
        Assert.Equal(32_768_000L * 1024, machine.TotalMemory);
        Assert.Equal(20_480_000L * 1024, machine.AvailableMemory);
        Assert.Equal(2, machine.PhysicalCores);
        Assert.Equal("AMD Ryzen 9 7950X 16-Core Processor", machine.Chip);
        Assert.Null(machine.Bandwidth);
        Assert.Equal(8_388_604L * 1024, machine.SwapTotal);
        Assert.Equal(388_604L * 1024, machine.SwapUsed);
        Assert.Equal(new MemoryPressure(null, 1.25), machine.Pressure);
        Assert.False(machine.IsUnifiedMemory);
        Assert.Null(machine.GpuWorkingSet);
        Assert.Equal(machine.TotalMemory, machine.MostForModels);
    }

    [Fact]
    public void The_narrowest_of_nested_groups_of_version_2_counts()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/self/cgroup", "0::/docker/app/worker\n")
            .With("/sys/fs/cgroup/docker/memory.max", $"{8 * Gibibyte}\n").With("/sys/fs/cgroup/docker/memory.current", $"{6 * Gibibyte}\n")
            .With("/sys/fs/cgroup/docker/memory.stat", $"anon 5\ninactive_file {Gibibyte}\nactive_file {Gibibyte}\n")
            .With("/sys/fs/cgroup/docker/app/memory.max", "max\n").With("/sys/fs/cgroup/docker/app/memory.current", "5\n")
            .With("/sys/fs/cgroup/docker/app/worker/memory.max", $"{16 * Gibibyte}\n").With("/sys/fs/cgroup/docker/app/worker/memory.current", $"{Gibibyte}\n")
            .With("/sys/fs/cgroup/docker/app/worker/memory.swap.max", "0\n");
        var machine = tree.Read();
        Assert.Equal(8 * Gibibyte, machine.TotalMemory);
        Assert.Equal(4 * Gibibyte, machine.AvailableMemory);
    }

    [Fact]
    public void A_container_that_sees_itself_as_the_root_has_its_limit()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/self/cgroup", "0::/\n")
            .With("/sys/fs/cgroup/memory.max", $"{2 * Gibibyte}\n").With("/sys/fs/cgroup/memory.current", $"{3 * Gibibyte}\n");
        var machine = tree.Read();
        Assert.Equal(2 * Gibibyte, machine.TotalMemory);
        Assert.Equal(0, machine.AvailableMemory);
    }

    [Fact]
    public void Groups_of_version_1_have_their_limit_and_no_limit_is_a_very_large_number()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/jobs/one\n0::/\n")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n").With("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n")
            .With("/sys/fs/cgroup/memory/memory.stat", "total_inactive_file 90000\ntotal_active_file 90000\n")
            .With("/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", $"{4 * Gibibyte}\n").With("/sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes", $"{3 * Gibibyte}\n")
            .With("/sys/fs/cgroup/memory/jobs/one/memory.stat", $"inactive_file 7\ntotal_inactive_file {Gibibyte}\ntotal_active_file 0\n");
        var machine = tree.Read();
        Assert.Equal(4 * Gibibyte, machine.TotalMemory);
        Assert.Equal(2 * Gibibyte, machine.AvailableMemory);
    }

    [Fact]
    public void A_group_with_a_limit_beyond_the_machine_changes_nothing()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/self/cgroup", "0::/a\n")
            .With("/sys/fs/cgroup/a/memory.max", $"{64 * Gibibyte}\n").With("/sys/fs/cgroup/a/memory.current", "0\n");
        Assert.Equal(new MachineProfile(32_768_000L * 1024, 20_480_000L * 1024, null), Sizes(tree.Read()));
    }

    [Theory]
    [InlineData("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 48.00\nHardware\t: BCM2835\n", "BCM2835")]
    [InlineData("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0", "Raspberry Pi 5 Model B Rev 1.0")]
    [InlineData("/proc/cpuinfo", "processor\t: 0\nmodel name\t:\nCPU part\t: 0xd0c\n", null)]
    public void A_board_says_its_own_name(string path, string text, string? chip)
    {
        using var tree = new CapturedTree().With(path, text);
        Assert.Equal(chip, tree.Read().Chip);
    }

    [Fact]
    public void The_chip_decides_the_bandwidth_of_a_Ryzen_AI_Max()
    {
        using var tree = new CapturedTree().With("/proc/cpuinfo", "model name\t: AMD RYZEN AI MAX+ 395 w/ Radeon 8060S\n");
        Assert.Equal(256_000_000_000, tree.Read().Bandwidth!.BytesPerSecond);
    }

    [Fact]
    public void On_a_GB10_the_main_memory_is_the_gpus()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory);
        var machine = tree.Read([.. NvidiaCards.Of("NVIDIA GB10, [N/A], [N/A]\n")]);
        Assert.Equal(273_000_000_000, machine.Bandwidth!.BytesPerSecond);
        Assert.Null(Assert.Single(machine.Cards).TotalMemory);
    }

    [Fact]
    public void The_chip_and_the_cores_are_read_once_and_the_memory_each_time()
    {
        using var tree = new CapturedTree().With("/proc/meminfo", Memory).With("/proc/cpuinfo", Processor);
        var linux = new LinuxMachine(tree.Root);
        linux.Read([]);
        tree.With("/proc/cpuinfo", "model name\t: Another\n").With("/proc/meminfo", Memory.Replace("20480000", "10240000", StringComparison.Ordinal));
        var again = linux.Read([]);
        Assert.Equal("AMD Ryzen 9 7950X 16-Core Processor", again.Chip);
        Assert.Equal(10_240_000L * 1024, again.AvailableMemory);
    }

    [Fact]
    public void An_empty_tree_gives_nulls()
    {
        using var tree = new CapturedTree();
        var machine = tree.Read();
        Assert.Equal(new MachineProfile(null, null, null), Sizes(machine));
        Assert.Equal((null, null, null, null, null), (machine.Chip, machine.Bandwidth, machine.SwapTotal, machine.SwapUsed, machine.Pressure));
        Assert.Empty(machine.Cards);
    }

    [Theory]
    [InlineData("/proc/meminfo", "MemTotal: lots\nMemAvailable:\nSwapTotal: -1 kB\n")]
    [InlineData("/proc/pressure/memory", "some avg10=high\n")]
    [InlineData("/proc/self/cgroup", "0\n:::\nmemory\n")]
    [InlineData("/proc/self/cgroup", "0::../../..\n")]
    [InlineData("/sys/class/drm/card0/device/vendor", "0x1002\n")]
    public void Garbage_gives_nulls(string path, string text)
    {
        using var tree = new CapturedTree().With(path, text);
        var machine = tree.Read();
        Assert.Equal(new MachineProfile(null, null, null), Sizes(machine));
        Assert.Equal((null, null, null), (machine.SwapTotal, machine.SwapUsed, machine.Pressure));
        Assert.Empty(machine.Cards);
    }

    private static MachineProfile Sizes(MachineProfile machine) => new(machine.TotalMemory, machine.AvailableMemory, machine.PhysicalCores);
}
