using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class MacMachineTests
{
    private const long Gibibyte = 1L << 30;
    private const long Mebibyte = 1L << 20;

    // Lines of sysctl as they were published: the chip's of a MacBook Pro 14" of 2021 (gist Spo1ler/a4a67575e9d79507fdf44e2f30cdeb76), its pages and pressure from
    // a vm_stat of an Apple chip with pages of 16 KiB: 32,257 free, 181,743 file-backed, 14,672 purgeable.
    private const string M1Max = """
        machdep.cpu.brand_string: Apple M1 Max
        hw.optional.arm64: 1
        hw.memsize: 68719476736
        hw.physicalcpu: 10
        hw.perflevel0.physicalcpu: 8
        kern.osproductversion: 14.5
        iogpu.wired_limit_mb: 0
        vm.pagesize: 16384
        vm.page_free_count: 32257
        vm.page_pageable_external_count: 181743
        vm.page_purgeable_count: 14672
        vm.swapusage: total = 2048.00M  used = 1017.50M  free = 1030.50M  (encrypted)
        kern.memorystatus_vm_pressure_level: 1

        """;

    // cpufetch's issues 139 and 183: eight fast cores and two others, 16 GB.
    private const string M1Pro = """
        machdep.cpu.brand_string: Apple M1 Pro
        hw.optional.arm64: 1
        hw.memsize: 17179869184
        hw.physicalcpu: 10
        hw.perflevel0.physicalcpu: 8
        kern.osproductversion: 12.2.1
        """;

    // Six super cores and twelve performance cores; pressure and swap of a loaded Mac with 18 cores; macOS 26.4.
    private const string M5Max = """
        machdep.cpu.brand_string: Apple M5 Max
        hw.optional.arm64: 1
        hw.memsize: 137438953472
        hw.physicalcpu: 18
        hw.perflevel0.physicalcpu: 6
        kern.osproductversion: 26.4
        iogpu.wired_limit_mb: 0
        vm.swapusage: total = 13312.00M  used = 11625.69M  free = 1686.31M  (encrypted)
        kern.memorystatus_vm_pressure_level: 2
        """;

    private const string Intel = """
        machdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz
        hw.memsize: 17179869184
        hw.physicalcpu: 6
        vm.pagesize: 4096
        vm.page_free_count: 1000
        vm.page_pageable_external_count: 2000
        """;

    [Fact]
    public void An_M1_Max_says_all_of_it()
    {
        var machine = MacMachine.Of(M1Max, null);
        Assert.Equal("Apple M1 Max", machine.Chip);
        Assert.Equal(400_000_000_000, machine.Bandwidth!.BytesPerSecond);
        Assert.Equal(64 * Gibibyte, machine.TotalMemory);
        Assert.Equal((32_257L + 181_743 + 14_672) * 16_384, machine.AvailableMemory);
        Assert.Equal(8, machine.PhysicalCores);
        Assert.True(machine.IsUnifiedMemory);
        Assert.Equal(48 * Gibibyte, machine.GpuWorkingSet);
        Assert.Equal(2048 * Mebibyte, machine.SwapTotal);
        Assert.Equal((long)(1017.5 * Mebibyte), machine.SwapUsed);
        Assert.Equal(new MemoryPressure(PressureLevel.Normal, null), machine.Pressure);
        Assert.Empty(machine.Cards);
    }

    [Fact]
    public void An_M1_Pro_that_says_less_has_nulls_for_the_rest()
    {
        var machine = MacMachine.Of(M1Pro, null);
        Assert.Equal(200_000_000_000, machine.Bandwidth!.BytesPerSecond);
        Assert.Equal(16 * Gibibyte * 2 / 3, machine.GpuWorkingSet);
        Assert.Null(machine.AvailableMemory);
        Assert.Null(machine.SwapTotal);
        Assert.Null(machine.SwapUsed);
        Assert.Null(machine.Pressure);
        Assert.Equal(machine.MostForModels, machine.MemoryForModels);
    }

    [Fact]
    public void An_M5_Max_is_told_from_its_smaller_variant_by_the_cores_of_its_gpu()
    {
        Assert.True(MemoryBandwidth.DependsOnGpuCores("Apple M5 Max"));
        Assert.Equal(614_000_000_000, MacMachine.Of(M5Max, 40).Bandwidth!.BytesPerSecond);
        Assert.Equal(460_000_000_000, MacMachine.Of(M5Max, 32).Bandwidth!.BytesPerSecond);
        var unknown = MacMachine.Of(M5Max, null);
        Assert.Equal(460_000_000_000, unknown.Bandwidth!.BytesPerSecond);
        Assert.Contains("the slowest of 460 GB/s and 614 GB/s", unknown.Bandwidth.Source, StringComparison.Ordinal);
        Assert.Equal(6, unknown.PhysicalCores);
        Assert.Equal(PressureLevel.Warning, unknown.Pressure!.Level);
        Assert.Equal((long)(11_625.69 * Mebibyte), unknown.SwapUsed);
    }

    [Fact]
    public void A_limit_that_the_user_raised_is_the_working_set() =>
        Assert.Equal(114_688 * Mebibyte, MacMachine.Of(M5Max.Replace("iogpu.wired_limit_mb: 0", "iogpu.wired_limit_mb: 114688", StringComparison.Ordinal), null).GpuWorkingSet);

    [Fact]
    public void A_Mac_with_a_processor_of_Intel_has_no_unified_memory()
    {
        var machine = MacMachine.Of(Intel, null);
        Assert.False(machine.IsUnifiedMemory);
        Assert.Null(machine.GpuWorkingSet);
        Assert.Null(machine.Bandwidth);
        Assert.Equal(6, machine.PhysicalCores);
        Assert.Equal(3_000 * 4_096, machine.AvailableMemory);
        Assert.Equal(3_000 * 4_096, machine.MemoryForModels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sysctl: unknown oid 'hw.memsize'\n")]
    [InlineData("hw.memsize: -1\nhw.physicalcpu: 0\nhw.optional.arm64: yes\nvm.swapusage: total = 3.00X used =\nkern.memorystatus_vm_pressure_level: 3\nkern.osproductversion: ?\n")]
    [InlineData("hw.memsize: 99999999999999999999\nhw.memsize: 1\nvm.page_free_count: 5\nmachdep.cpu.brand_string: \nvm.swapusage: used\n: : :\n\0\n")]
    public void Garbage_gives_nulls(string text)
    {
        var nothing = new MachineProfile(null, null, null);
        Assert.Equal(nothing, MacMachine.Of(text, null) with { Cards = nothing.Cards });
    }

    [Theory]
    [InlineData("+-o AGXAcceleratorG16X  <class AGXAcceleratorG16X>\n    {\n      \"model\" = \"Apple M5 Max\"\n      \"gpu-core-count\" = 40\n    }\n", 40)]
    [InlineData("      \"gpu-core-count\" = 0\n", null)]
    [InlineData("      \"gpu-core-count\" = many\n", null)]
    [InlineData("", null)]
    public void The_cores_of_the_gpu_are_read_from_ioreg(string text, int? cores) => Assert.Equal(cores, MacMachine.CoresOfGpu(text));

    // What Metal said on machines without a limit of their own: MetalMemory has the sources.
    [Theory]
    [InlineData(16, 15, 11_453.25)]
    [InlineData(18, 14, 12_884.92)]
    [InlineData(24, 14, 17_179.89)]
    [InlineData(32, 13, 22_906.50)]
    [InlineData(36, 15, 28_991.03)]
    [InlineData(64, 14, 51_539.61)]
    [InlineData(96, 14, 77_309.41)]
    [InlineData(64, null, 51_539.61)]
    [InlineData(16, 26, 12_713.12)]
    [InlineData(24, 26, 19_069.67)]
    [InlineData(32, 26, 26_800.60)]
    [InlineData(36, 26, 30_150.67)]
    [InlineData(48, 26, 40_200.90)]
    [InlineData(64, 26, 55_662.79)]
    [InlineData(128, 27, 115_448.73)]
    public void The_gpu_may_have_the_share_of_memory_that_Metal_says(int gibibytes, int? version, double megabytes) =>
        Assert.Equal(megabytes, MetalMemory.WorkingSet(gibibytes * Gibibyte, 0, version) / 1e6, 0.03);

    [Fact]
    public void No_limit_gives_the_gpu_more_than_there_is() => Assert.Equal(16 * Gibibyte, MetalMemory.WorkingSet(16 * Gibibyte, 999_999, 26));
}
