namespace LocalMcp.Machine;

/// <summary>AMD's cards, by what the kernel's driver amdgpu says under /sys/class/drm (docs.kernel.org, gpu/amdgpu/driver-misc).</summary>
internal static class AmdCards
{
    private const string Vendor = "0x1002";

    // The names by number of device and revision, which come with libdrm.
    private const string NamesFile = "/usr/share/libdrm/amdgpu.ids";

    public static IReadOnlyList<GraphicsCard> Read(SystemTree tree)
    {
        var cards = new List<GraphicsCard>();
        // card0-DP-1 and the like are its sockets for displays.
        foreach (var card in tree.Names("/sys/class/drm").Where(name => name.StartsWith("card", StringComparison.Ordinal) && name.Skip(4).All(char.IsAsciiDigit)))
        {
            var device = $"/sys/class/drm/{card}/device";
            if (tree.Text($"{device}/vendor") == Vendor && tree.Number($"{device}/mem_info_vram_total") is { } total)
                cards.Add(Card(tree, device, total));
        }
        return cards;
    }

    private static GraphicsCard Card(SystemTree tree, string device, long total)
    {
        // Only cards for servers say their product's name.
        var name = tree.Text($"{device}/product_name") ?? Name(tree, device) ?? "AMD GPU";
        var used = tree.Number($"{device}/mem_info_vram_used");
        return new GraphicsCard(name, total, used is { } taken ? Math.Max(0, total - taken) : null, MemoryBandwidth.OfCard(name, total)) { BorrowedMemory = tree.Number($"{device}/mem_info_gtt_total") };
    }

    // Its lines: 744C,	C8,	AMD Radeon RX 7900 XTX
    private static string? Name(SystemTree tree, string device)
    {
        if (Hexadecimal(tree, $"{device}/device") is not { } number || Hexadecimal(tree, $"{device}/revision") is not { } revision)
            return null;
        return tree.Lines(NamesFile).Select(line => line.Split(',', 3, StringSplitOptions.TrimEntries))
            .FirstOrDefault(fields => fields.Length == 3 && fields[0].Equals(number, StringComparison.OrdinalIgnoreCase) && fields[1].Equals(revision, StringComparison.OrdinalIgnoreCase))?[2];
    }

    private static string? Hexadecimal(SystemTree tree, string path) => tree.Text(path) is { } text && text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : null;
}
