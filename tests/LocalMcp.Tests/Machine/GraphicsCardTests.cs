using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class GraphicsCardTests
{
    private const long Mebibyte = 1L << 20;

    [Fact]
    public void One_card_of_NVIDIA_is_a_line()
    {
        var card = Assert.Single(NvidiaCards.Of("NVIDIA GeForce RTX 3090, 24576, 23771\n"));
        Assert.Equal(("NVIDIA GeForce RTX 3090", 24_576 * Mebibyte, 23_771 * Mebibyte, 936_000_000_000), (card.Name, card.TotalMemory, card.FreeMemory, card.Bandwidth!.BytesPerSecond));
    }

    [Fact]
    public void Two_cards_are_two_lines_and_one_that_is_not_in_the_table_has_no_bandwidth()
    {
        var cards = NvidiaCards.Of("NVIDIA GeForce RTX 4090, 24564, 24082\r\nQuadro P6000, 24576, 1024\r\n");
        Assert.Equal(["NVIDIA GeForce RTX 4090", "Quadro P6000"], cards.Select(card => card.Name));
        Assert.Equal([1_008_000_000_000, null], cards.Select(card => card.Bandwidth?.BytesPerSecond));
        Assert.Equal([24_082 * Mebibyte, 1_024 * Mebibyte], cards.Select(card => card.FreeMemory!.Value));
    }

    [Fact]
    public void A_card_that_does_not_say_its_memory_is_there_all_the_same() =>
        Assert.Equal((null, null), Assert.Single(NvidiaCards.Of("NVIDIA GB10, [N/A], [Not Supported]\n")) is var card ? (card.TotalMemory, card.FreeMemory) : default);

    [Theory]
    [InlineData("")]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n")]
    [InlineData("No devices were found\n")]
    [InlineData("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.183, again\n")]
    [InlineData("Field \"memory.free\" is not a valid field to query, sorry, really\n")]
    [InlineData(", 24576, 1\nname, 24576\nname, -1, 5\nname, 99999999999999, 1\n")]
    public void An_error_of_its_program_is_no_card(string text) => Assert.Empty(NvidiaCards.Of(text));

    [Fact]
    public void A_card_of_AMD_is_named_by_the_list_of_its_library()
    {
        using var tree = Amd(0, 25_753_026_560, 1_073_741_824, 67_108_864).With("/sys/class/drm/card0/device/device", "0x744c\n").With("/sys/class/drm/card0/device/revision", "0xc8\n")
            .With("/usr/share/libdrm/amdgpu.ids", "# List of AMDGPU IDs\n1.0.0\n744B,\t00,\tAMD Radeon Pro W7900D\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n744C,\tCC,\tAMD Radeon RX 7900 XT\n");
        var card = Assert.Single(tree.Read().Cards);
        Assert.Equal(("AMD Radeon RX 7900 XTX", 25_753_026_560, 24_679_284_736, 960_000_000_000, 67_108_864), (card.Name, card.TotalMemory, card.FreeMemory, card.Bandwidth!.BytesPerSecond, card.BorrowedMemory));
    }

    [Fact]
    public void Cards_of_AMD_come_after_those_of_NVIDIA_and_sockets_and_other_makers_are_none()
    {
        using var tree = Amd(1, 68_702_699_520, 0, 1).With("/sys/class/drm/card1/device/product_name", "Instinct MI210\n")
            .With("/sys/class/drm/card1-DP-1/device/vendor", "0x1002\n").With("/sys/class/drm/card1-DP-1/device/mem_info_vram_total", "5\n")
            .With("/sys/class/drm/card0/device/vendor", "0x8086\n").With("/sys/class/drm/card0/device/mem_info_vram_total", "5\n")
            .With("/sys/class/drm/renderD128/device/vendor", "0x1002\n").With("/sys/class/drm/version", "drm 1.1.0\n");
        var cards = tree.Read(new GraphicsCard("NVIDIA L4", null, null, null)).Cards;
        Assert.Equal(["NVIDIA L4", "Instinct MI210"], cards.Select(card => card.Name));
        Assert.Equal(1_638_400_000_000, cards[1].Bandwidth!.BytesPerSecond);
    }

    [Fact]
    public void An_integrated_gpu_of_AMD_borrows_main_memory_and_one_without_a_name_is_an_AMD_GPU()
    {
        using var tree = Amd(0, 536_870_912, 600_000_000, 16_106_127_360).With("/sys/class/drm/card0/device/product_name", "\n");
        Assert.Equal(new GraphicsCard("AMD GPU", 536_870_912, 0, null) { BorrowedMemory = 16_106_127_360 }, Assert.Single(tree.Read().Cards));
    }

    private static CapturedTree Amd(int card, long total, long used, long borrowed) => new CapturedTree().With($"/sys/class/drm/card{card}/device/vendor", "0x1002\n")
        .With($"/sys/class/drm/card{card}/device/mem_info_vram_total", $"{total}\n").With($"/sys/class/drm/card{card}/device/mem_info_vram_used", $"{used}\n")
        .With($"/sys/class/drm/card{card}/device/mem_info_gtt_total", $"{borrowed}\n");
}
