namespace LocalMcp.Machine;

// Each figure names the page it was read in and the month; makers' own pages were read in the quotations that are named. Wikipedia's figures are rounded to the GB.
// A product that is not here has no figure: add it with its source.
internal static partial class MemoryBandwidth
{
    private const string M1Pages = "Apple, 2021-10-18, quoted by MyBroadband (seen 2026-11)";
    private const string M2Pages = "Apple, 2023-01-17, quoted by Neowin (seen 2026-11)";
    private const string M3Pages = "AppleInsider, M3 vs M3 Pro vs M3 Max (seen 2026-11)";
    private const string M4Pages = "Apple, 2024-10-30, quoted by Neowin (seen 2026-11)";
    private const string MacStudio = "Apple, Mac Studio technical specifications as of 2026-09-13, quoted in public notes (seen 2026-11)";
    private const string MacMini = "Apple, Mac mini technical specifications as of 2026-10-02, quoted in public notes (seen 2026-11)";
    private const string StrixHalo = "svethardware.cz on Ryzen AI Max: 256 bits of LPDDR5X-8000 (seen 2026-11)";
    private const string Nvidia = "Wikipedia, List of Nvidia graphics processing units, as of 2025-06 (seen 2026-11)";
    private const string Amd = "Wikipedia, List of AMD graphics processing units, as of 2025-06 (seen 2026-11)";
    private const string FpsBench = "fpsbench.com (seen 2026-11)";
    private const string A100 = "Thunder Compute, NVIDIA A100 specifications (seen 2026-11)";
    private const string H100 = "HPC Tech, NVIDIA H100 (seen 2026-11)";

    private static Entry[] Chips =>
    [
        new("M1", 68.25, "AnandTech, article 16252, quoted in public code: 128 bits of LPDDR4X-4266 (seen 2026-11)"),
        new("M1 Pro", 200, M1Pages),
        new("M1 Max", 400, M1Pages),
        new("M1 Ultra", 800, "Apple, 2022-03-08, quoted by Trusted Reviews (seen 2026-11)"),
        new("M2", 100, "Apple, 2022-06-06, quoted by MacRumors (seen 2026-11)"),
        new("M2 Pro", 200, M2Pages),
        new("M2 Max", 400, M2Pages),
        new("M2 Ultra", 800, "Apple, 2023-06-05, quoted by CNBC-TV18 (seen 2026-11)"),
        new("M3", 100, M3Pages),
        new("M3 Pro", 150, M3Pages),
        new("M3 Max", 300, M3Pages) { CpuCores = 14 },
        new("M3 Max", 400, M3Pages) { CpuCores = 16 },
        new("M3 Ultra", 819, "TechPowerUp on the Mac Studio of 2025 (seen 2026-11)"),
        new("M4", 120, M4Pages),
        new("M4 Pro", 273, M4Pages),
        new("M4 Max", 410, "Macworld on the Mac Studio of 2025 (seen 2026-11)") { CpuCores = 14 },
        new("M4 Max", 546, M4Pages) { CpuCores = 16 },
        new("M5", 153, "Apple, 2025-10-15, quoted by Lowyat.NET (seen 2026-11)"),
        new("M5 Pro", 307, "Apple, 2026-03-03, quoted by MacRumors (seen 2026-11)"),
        // Both have 18 CPU cores.
        new("M5 Max", 460, MacStudio) { GpuCores = 32 },
        new("M5 Max", 614, MacStudio) { GpuCores = 40 },
        new("M5 Ultra", 1200, MacStudio),
        new("M6", 153, MacMini) { Gibibytes = (0, 16) },
        new("M6", 170, MacMini) { Gibibytes = (17, 32) },
        new("Ryzen AI Max+ 395", 256, StrixHalo),
        new("Ryzen AI Max+ PRO 395", 256, StrixHalo),
        new("Ryzen AI Max 390", 256, StrixHalo),
        new("Ryzen AI Max PRO 390", 256, StrixHalo),
        new("Ryzen AI Max 385", 256, StrixHalo),
        new("Ryzen AI Max PRO 385", 256, StrixHalo),
    ];

    private static Entry[] Cards => [.. Desktop, .. Laptop, .. Workstation, .. DataCentre, .. OfAmd];

    private static Entry[] Desktop =>
    [
        new("RTX 3050", 168, Nvidia) { Gibibytes = (0, 6) },
        new("RTX 3050", 224, Nvidia) { Gibibytes = (7, 8) },
        new("RTX 3060", 240, Nvidia) { Gibibytes = (0, 8) },
        new("RTX 3060", 360, Nvidia) { Gibibytes = (9, 12) },
        // Sold with GDDR6 and with GDDR6X under one name, and so was the RTX 4070.
        new("RTX 3060 Ti", 448, Nvidia),
        new("RTX 3060 Ti", 608, Nvidia),
        new("RTX 3070", 448, Nvidia),
        new("RTX 3070 Ti", 608, Nvidia),
        new("RTX 3080", 760, Nvidia) { Gibibytes = (0, 10) },
        new("RTX 3080", 912, Nvidia) { Gibibytes = (11, 12) },
        new("RTX 3080 Ti", 912, Nvidia),
        new("RTX 3090", 936, Nvidia),
        new("RTX 3090 Ti", 1008, Nvidia),
        new("RTX 4060", 272, Nvidia),
        new("RTX 4060 Ti", 288, Nvidia),
        new("RTX 4070", 480, "Tom's Hardware on the RTX 4070 with GDDR6 (seen 2026-11)"),
        new("RTX 4070", 504, Nvidia),
        new("RTX 4070 SUPER", 504, Nvidia),
        new("RTX 4070 Ti", 504, Nvidia),
        new("RTX 4070 Ti SUPER", 672, Nvidia),
        new("RTX 4080", 717, Nvidia),
        new("RTX 4080 SUPER", 736, Nvidia),
        new("RTX 4090", 1008, Nvidia),
        new("RTX 4090 D", 1008, Nvidia),
        // One with 9 GB of another memory was expected in 2026.
        new("RTX 5050", 320, "Tweakers on NVIDIA's announcement (seen 2026-11)") { Gibibytes = (0, 8) },
        new("RTX 5060", 448, Nvidia),
        new("RTX 5060 Ti", 448, Nvidia),
        new("RTX 5070", 672, Nvidia),
        new("RTX 5070 Ti", 896, Nvidia),
        new("RTX 5080", 960, Nvidia),
        new("RTX 5090", 1792, Nvidia),
    ];

    private static Entry[] Laptop =>
    [
        // Up to the RTX 4090, each was sold with two speeds of memory under one name.
        new("RTX 3060 Laptop GPU", 288, Nvidia),
        new("RTX 3060 Laptop GPU", 336, Nvidia),
        new("RTX 3070 Laptop GPU", 384, Nvidia),
        new("RTX 3070 Laptop GPU", 448, Nvidia),
        new("RTX 3070 Ti Laptop GPU", 384, Nvidia),
        new("RTX 3070 Ti Laptop GPU", 448, Nvidia),
        new("RTX 3080 Laptop GPU", 384, Nvidia),
        new("RTX 3080 Laptop GPU", 448, Nvidia),
        new("RTX 3080 Ti Laptop GPU", 384, Nvidia),
        new("RTX 3080 Ti Laptop GPU", 512, Nvidia),
        new("RTX 4050 Laptop GPU", 168, Nvidia),
        new("RTX 4050 Laptop GPU", 192, Nvidia),
        new("RTX 4060 Laptop GPU", 224, Nvidia),
        new("RTX 4060 Laptop GPU", 256, Nvidia),
        new("RTX 4070 Laptop GPU", 224, Nvidia),
        new("RTX 4070 Laptop GPU", 256, Nvidia),
        new("RTX 4080 Laptop GPU", 336, Nvidia),
        new("RTX 4080 Laptop GPU", 432, Nvidia),
        new("RTX 4090 Laptop GPU", 448, Nvidia),
        new("RTX 4090 Laptop GPU", 576, Nvidia),
        new("RTX 5060 Laptop GPU", 384, FpsBench),
        // One with 12 GB was announced in 2026-04.
        new("RTX 5070 Laptop GPU", 384, FpsBench) { Gibibytes = (0, 8) },
        new("RTX 5070 Ti Laptop GPU", 672, "CYBIRD-D on GitHub, Nvidia GPU Specification, as of 2026-05 (seen 2026-11)"),
        new("RTX 5080 Laptop GPU", 896, FpsBench),
        new("RTX 5090 Laptop GPU", 896, FpsBench),
    ];

    private static Entry[] Workstation =>
    [
        new("RTX A4000", 448, Nvidia),
        new("RTX A5000", 768, Nvidia),
        new("RTX A6000", 768, Nvidia),
        new("RTX 4000 Ada Generation", 360, Nvidia),
        new("RTX 5000 Ada Generation", 576, Nvidia),
        new("RTX 6000 Ada Generation", 960, Nvidia),
        new("RTX PRO 6000 Blackwell Workstation Edition", 1792, Nvidia),
        // It shares the main memory: DGX Spark.
        new("GB10", 273, "NVIDIA, DGX Spark product page, quoted by ai-infrastructure.net, 2026-06 (seen 2026-11)"),
    ];

    private static Entry[] DataCentre =>
    [
        new("P40", 346, Nvidia),
        new("P100-PCIE-16GB", 732, Nvidia),
        new("V100-PCIE-16GB", 900, Nvidia),
        new("V100-PCIE-32GB", 900, Nvidia),
        new("V100-SXM2-16GB", 900, Nvidia),
        new("V100-SXM2-32GB", 900, Nvidia),
        new("T4", 320, Nvidia),
        new("A10", 600, Nvidia),
        new("A10G", 600, "Baseten, NVIDIA A10 vs A10G (seen 2026-11)"),
        new("A30", 933, Nvidia),
        new("A40", 696, Nvidia),
        new("A100-PCIE-40GB", 1555, A100),
        new("A100-SXM4-40GB", 1555, A100),
        new("A100 80GB PCIe", 1935, A100),
        new("A100-SXM4-80GB", 2039, A100),
        new("L4", 300, Nvidia),
        new("L40", 864, Nvidia),
        new("L40S", 864, "itcreations.com, NVIDIA L40S (seen 2026-11)"),
        new("H100 PCIe", 2000, H100),
        new("H100 80GB HBM3", 3350, H100),
        new("H200", 4800, "AI Wiki, NVIDIA H200, as of 2026-06 (seen 2026-11)"),
    ];

    private static Entry[] OfAmd =>
    [
        new("RX 6800", 512, Amd),
        new("RX 6800 XT", 512, Amd),
        new("RX 6900 XT", 512, Amd),
        new("RX 7600", 288, Amd),
        new("RX 7600 XT", 288, Amd),
        new("RX 7700 XT", 432, Amd),
        new("RX 7800 XT", 624, Amd),
        new("RX 7900 GRE", 576, Amd),
        new("RX 7900 XT", 800, Amd),
        new("RX 7900 XTX", 960, Amd),
        new("RX 9060 XT", 320, Amd),
        new("RX 9070", 640, Amd),
        new("RX 9070 XT", 640, Amd),
        new("PRO W6800", 512, Amd),
        new("PRO W7900", 864, "itcreations.com, AMD Radeon PRO W7900 (seen 2026-11)"),
        new("MI50", 1024, Amd),
        new("MI60", 1024, Amd),
        new("MI100", 1228.8, Amd),
        new("MI210", 1638.4, Amd),
        new("MI300X", 5300, Amd),
        new("8060S", 256, StrixHalo),
        new("8050S", 256, StrixHalo),
    ];
}
