using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class MemoryBandwidthTests
{
    private const long Gibibyte = 1L << 30;

    [Theory]
    [InlineData("Apple M1", 68.25)]
    [InlineData("Apple M1 Ultra", 800.0)]
    [InlineData("Apple M2", 100.0)]
    [InlineData("Apple M3 Pro", 150.0)]
    [InlineData("Apple M3 Ultra", 819.0)]
    [InlineData("Apple M4", 120.0)]
    [InlineData("Apple M4 Pro", 273.0)]
    [InlineData("Apple M5", 153.0)]
    [InlineData("Apple M5 Pro", 307.0)]
    [InlineData("Apple M5 Ultra", 1200.0)]
    [InlineData("AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", 256.0)]
    [InlineData("AMD RYZEN AI MAX+ PRO 395 w/ Radeon 8060S", 256.0)]
    [InlineData("Apple M4 Ultra", null)]
    [InlineData("Apple M9", null)]
    [InlineData("Apple M1 (Virtual)", null)]
    [InlineData("Apple processor", null)]
    [InlineData("AMD Ryzen 9 7950X 16-Core Processor", null)]
    [InlineData("Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", null)]
    [InlineData("NVIDIA GeForce RTX 4090", null)]
    [InlineData("Apple", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_chip_has_the_bandwidth_of_its_whole_name(string? chip, double? gigabytes) =>
        Assert.Equal(gigabytes, MemoryBandwidth.OfChip(chip, new ChipParts(null, null, null))?.BytesPerSecond / 1e9);

    [Theory]
    [InlineData("Apple M3 Max", 14, null, 36, 300.0)]
    [InlineData("Apple M3 Max", 16, null, 64, 400.0)]
    [InlineData("Apple M4 Max", 14, null, 36, 410.0)]
    [InlineData("Apple M4 Max", 16, null, 128, 546.0)]
    [InlineData("Apple M5 Max", 18, 32, 36, 460.0)]
    [InlineData("Apple M5 Max", 18, 40, 128, 614.0)]
    [InlineData("Apple M6", 12, null, 16, 153.0)]
    [InlineData("Apple M6", 12, null, 32, 170.0)]
    public void Variants_of_a_chip_are_told_apart(string chip, int cpuCores, int? gpuCores, int gibibytes, double gigabytes)
    {
        var found = MemoryBandwidth.OfChip(chip, new ChipParts(cpuCores, gpuCores, gibibytes * Gibibyte))!;
        Assert.Equal(gigabytes, found.BytesPerSecond / 1e9);
        Assert.DoesNotContain("slowest", found.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Apple M4 Max", 410, "the slowest of 410 GB/s and 546 GB/s, since the machine does not say which it is")]
    [InlineData("Apple M3 Max", 300, "AppleInsider, M3 vs M3 Pro vs M3 Max (seen 2026-11); the slowest of 300 GB/s and 400 GB/s")]
    public void A_variant_that_is_not_known_counts_as_the_slowest_and_says_so(string chip, double gigabytes, string source)
    {
        var found = MemoryBandwidth.OfChip(chip, new ChipParts(null, null, null))!;
        Assert.Equal(gigabytes, found.BytesPerSecond / 1e9);
        Assert.Contains(source, found.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_that_nobody_has_seen_has_no_figure() => Assert.Null(MemoryBandwidth.OfChip("Apple M4 Max", new ChipParts(20, null, null)));

    [Theory]
    [InlineData("NVIDIA GeForce RTX 3060", 12, 360.0)]
    [InlineData("NVIDIA GeForce RTX 3060", 8, 240.0)]
    [InlineData("NVIDIA GeForce RTX 3060", null, 240.0)]
    [InlineData("NVIDIA GeForce RTX 3060 Laptop GPU", 6, 288.0)]
    [InlineData("NVIDIA GeForce RTX 4070", 12, 480.0)]
    [InlineData("NVIDIA GeForce RTX 4070 Ti", 12, 504.0)]
    [InlineData("NVIDIA GeForce RTX 4070 Ti SUPER", 16, 672.0)]
    [InlineData("NVIDIA GeForce RTX 4090", 24, 1008.0)]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU", 16, 448.0)]
    [InlineData("NVIDIA GeForce RTX 5050", 8, 320.0)]
    [InlineData("NVIDIA GeForce RTX 5050", 9, null)]
    [InlineData("NVIDIA GeForce RTX 5070 Laptop GPU", 8, 384.0)]
    [InlineData("NVIDIA GeForce RTX 5070 Laptop GPU", 12, null)]
    [InlineData("NVIDIA GeForce RTX 5090", 32, 1792.0)]
    [InlineData("NVIDIA GeForce RTX 3050 Laptop GPU", 4, null)]
    [InlineData("NVIDIA GeForce GTX 1080", 8, null)]
    [InlineData("NVIDIA A100-SXM4-80GB", 80, 2039.0)]
    [InlineData("NVIDIA A100-SXM4-40GB", 40, 1555.0)]
    [InlineData("NVIDIA H100 80GB HBM3", 80, 3350.0)]
    [InlineData("NVIDIA H100 PCIe", 80, 2000.0)]
    [InlineData("NVIDIA L4", 24, 300.0)]
    [InlineData("Tesla T4", 15, 320.0)]
    [InlineData("Tesla P40", 24, 346.0)]
    [InlineData("NVIDIA RTX A6000", 48, 768.0)]
    [InlineData("NVIDIA RTX 6000 Ada Generation", 48, 960.0)]
    [InlineData("Quadro RTX 6000", 24, null)]
    [InlineData("NVIDIA GB10", null, 273.0)]
    [InlineData("AMD Radeon RX 7900 XTX", 24, 960.0)]
    [InlineData("AMD Radeon RX 7900 XT", 20, 800.0)]
    [InlineData("AMD Radeon Pro W7900", 48, 864.0)]
    [InlineData("AMD Radeon 8060S Graphics", 1, 256.0)]
    [InlineData("AMD GPU", 16, null)]
    [InlineData("AMD Radeon Graphics", 1, null)]
    [InlineData("Apple M4", null, null)]
    public void A_card_has_the_bandwidth_of_its_whole_name_and_size(string name, int? gibibytes, double? gigabytes) =>
        Assert.Equal(gigabytes, MemoryBandwidth.OfCard(name, gibibytes * Gibibyte)?.BytesPerSecond / 1e9);

    [Theory]
    [InlineData("NVIDIA GeForce RTX 4070", 12, "the slowest of 480 GB/s and 504 GB/s")]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU", 16, "the slowest of 448 GB/s and 576 GB/s")]
    public void A_card_that_was_sold_with_two_memories_counts_as_the_slower_and_says_so(string name, int gibibytes, string source) =>
        Assert.Contains(source, MemoryBandwidth.OfCard(name, gibibytes * Gibibyte)!.Source, StringComparison.Ordinal);

    [Theory]
    [InlineData("Apple M1 Ultra", "2022-03-08")]
    [InlineData("Apple M4 Pro", "2024-10-30")]
    [InlineData("Apple M5 Ultra", "Mac Studio technical specifications")]
    [InlineData("Apple M6", "Mac mini technical specifications")]
    public void A_figure_says_where_it_was_read_and_when(string chip, string source)
    {
        var found = MemoryBandwidth.OfChip(chip, new ChipParts(null, null, null))!;
        Assert.Contains(source, found.Source, StringComparison.Ordinal);
        Assert.Contains("(seen 2026-11)", found.Source, StringComparison.Ordinal);
    }
}
