namespace LocalMcp.Machine;

// Figures as makers give them, seen 2026-11 in their pages or in quotations of these. A product that is not here has no figure: add it with its source.
internal static partial class MemoryBandwidth
{
    private const string AppleStudio2025 = "Apple, Mac Studio technical specifications, 2025";
    private const string AppleMini2026 = "Apple, Mac mini technical specifications, 2026-08";
    private const string AppleBook2023 = "Apple, MacBook Pro technical specifications, 2023-10";
    private const string AppleBook2024 = "Apple, MacBook Pro technical specifications, 2024-10";
    private const string AppleBook2026 = "Apple, MacBook Pro technical specifications, 2026-03";
    private const string StrixHalo = "AMD product page: 256 bits of LPDDR5X-8000, 2025";
    private const string GeForce = "TechPowerUp GPU database, 2026";
    private const string Datasheet = "NVIDIA datasheet";
    private const string Radeon = "AMD product page";

    private static Entry[] Chips =>
    [
        new("M1", 68.25, "AnandTech, 2020-11: 128 bits of LPDDR4X-4266"),
        new("M1 Pro", 200, "Apple Newsroom on M1 Pro and M1 Max, 2021-10-18"),
        new("M1 Max", 400, "Apple Newsroom on M1 Pro and M1 Max, 2021-10-18"),
        new("M1 Ultra", 800, "Apple Newsroom on M1 Ultra, 2022-03-08"),
        new("M2", 100, "Apple Newsroom on M2, 2022-06-06"),
        new("M2 Pro", 200, "Apple Newsroom on M2 Pro and M2 Max, 2023-01-17"),
        new("M2 Max", 400, "Apple Newsroom on M2 Pro and M2 Max, 2023-01-17"),
        new("M2 Ultra", 800, "Apple Newsroom on M2 Ultra, 2023-06-05"),
        new("M3", 100, AppleBook2023),
        new("M3 Pro", 150, AppleBook2023),
        new("M3 Max", 300, AppleBook2023) { CpuCores = 14 },
        new("M3 Max", 400, AppleBook2023) { CpuCores = 16 },
        new("M3 Ultra", 819, AppleStudio2025),
        new("M4", 120, "Apple Newsroom on M4, 2024-05-07"),
        new("M4 Pro", 273, "Apple Newsroom on M4 Pro and M4 Max, 2024-10-30"),
        new("M4 Max", 410, AppleBook2024) { CpuCores = 14 },
        new("M4 Max", 546, AppleBook2024) { CpuCores = 16 },
        new("M5", 153, "Apple Newsroom on M5, 2025-10-15"),
        new("M5 Pro", 307, "Apple Newsroom on M5 Pro and M5 Max, 2026-03-03"),
        // Both have 18 CPU cores.
        new("M5 Max", 460, AppleBook2026) { GpuCores = 32 },
        new("M5 Max", 614, AppleBook2026) { GpuCores = 40 },
        new("M5 Ultra", 1200, "Apple Newsroom on Mac Studio with M5 Max and M5 Ultra, 2026-08"),
        new("M6", 153, AppleMini2026) { Gibibytes = (0, 16) },
        new("M6", 170, AppleMini2026) { Gibibytes = (17, 32) },
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
        new("RTX 3050", 168, GeForce) { Gibibytes = (0, 6) },
        new("RTX 3050", 224, GeForce) { Gibibytes = (7, 8) },
        new("RTX 3060", 240, GeForce) { Gibibytes = (0, 8) },
        new("RTX 3060", 360, GeForce) { Gibibytes = (9, 12) },
        // Sold with GDDR6 and with GDDR6X under one name, and so was the RTX 4070.
        new("RTX 3060 Ti", 448, GeForce),
        new("RTX 3060 Ti", 608, GeForce),
        new("RTX 3070", 448, GeForce),
        new("RTX 3070 Ti", 608, GeForce),
        new("RTX 3080", 760, GeForce) { Gibibytes = (0, 10) },
        new("RTX 3080", 912, GeForce) { Gibibytes = (11, 12) },
        new("RTX 3080 Ti", 912, GeForce),
        new("RTX 3090", 936, GeForce),
        new("RTX 3090 Ti", 1008, GeForce),
        new("RTX 4060", 272, GeForce),
        new("RTX 4060 Ti", 288, GeForce),
        new("RTX 4070", 480, GeForce),
        new("RTX 4070", 504, GeForce),
        new("RTX 4070 SUPER", 504, GeForce),
        new("RTX 4070 Ti", 504, GeForce),
        new("RTX 4070 Ti SUPER", 672, GeForce),
        new("RTX 4080", 716.8, GeForce),
        new("RTX 4080 SUPER", 736, GeForce),
        new("RTX 4090", 1008, GeForce),
        new("RTX 4090 D", 1008, GeForce),
        new("RTX 5050", 320, GeForce),
        new("RTX 5060", 448, GeForce),
        new("RTX 5060 Ti", 448, GeForce),
        new("RTX 5070", 672, GeForce),
        new("RTX 5070 Ti", 896, GeForce),
        new("RTX 5080", 960, GeForce),
        new("RTX 5090", 1792, GeForce),
    ];

    private static Entry[] Laptop =>
    [
        new("RTX 3060 Laptop GPU", 336, GeForce),
        new("RTX 3070 Laptop GPU", 448, GeForce),
        new("RTX 3070 Ti Laptop GPU", 448, GeForce),
        new("RTX 3080 Laptop GPU", 448, GeForce),
        new("RTX 3080 Ti Laptop GPU", 512, GeForce),
        new("RTX 4050 Laptop GPU", 192, GeForce),
        new("RTX 4060 Laptop GPU", 256, GeForce),
        new("RTX 4070 Laptop GPU", 256, GeForce),
        new("RTX 4080 Laptop GPU", 432, GeForce),
        new("RTX 4090 Laptop GPU", 576, GeForce),
        new("RTX 5060 Laptop GPU", 384, GeForce),
        new("RTX 5070 Laptop GPU", 384, GeForce),
        new("RTX 5070 Ti Laptop GPU", 672, GeForce),
        new("RTX 5080 Laptop GPU", 896, GeForce),
        new("RTX 5090 Laptop GPU", 896, GeForce),
    ];

    private static Entry[] Workstation =>
    [
        new("RTX A4000", 448, Datasheet),
        new("RTX A5000", 768, Datasheet),
        new("RTX A6000", 768, Datasheet),
        new("RTX 4000 Ada Generation", 360, Datasheet),
        new("RTX 5000 Ada Generation", 576, Datasheet),
        new("RTX 6000 Ada Generation", 960, Datasheet),
        new("RTX PRO 6000 Blackwell Workstation Edition", 1792, Datasheet),
        // It shares the main memory: DGX Spark.
        new("GB10", 273, "NVIDIA DGX Spark product page, 2025"),
    ];

    private static Entry[] DataCentre =>
    [
        new("P40", 346, Datasheet),
        new("P100-PCIE-16GB", 732, Datasheet),
        new("V100-PCIE-16GB", 900, Datasheet),
        new("V100-PCIE-32GB", 900, Datasheet),
        new("V100-SXM2-16GB", 900, Datasheet),
        new("V100-SXM2-32GB", 900, Datasheet),
        new("T4", 320, Datasheet),
        new("A10", 600, Datasheet),
        new("A10G", 600, Datasheet),
        new("A30", 933, Datasheet),
        new("A40", 696, Datasheet),
        new("A100-PCIE-40GB", 1555, Datasheet),
        new("A100-SXM4-40GB", 1555, Datasheet),
        new("A100 80GB PCIe", 1935, Datasheet),
        new("A100-SXM4-80GB", 2039, Datasheet),
        new("L4", 300, Datasheet),
        new("L40", 864, Datasheet),
        new("L40S", 864, Datasheet),
        new("H100 PCIe", 2000, Datasheet),
        new("H100 80GB HBM3", 3350, Datasheet),
        new("H200", 4800, Datasheet),
    ];

    private static Entry[] OfAmd =>
    [
        new("RX 6800", 512, Radeon),
        new("RX 6800 XT", 512, Radeon),
        new("RX 6900 XT", 512, Radeon),
        new("RX 7600", 288, Radeon),
        new("RX 7600 XT", 288, Radeon),
        new("RX 7700 XT", 432, Radeon),
        new("RX 7800 XT", 624, Radeon),
        new("RX 7900 GRE", 576, Radeon),
        new("RX 7900 XT", 800, Radeon),
        new("RX 7900 XTX", 960, Radeon),
        new("RX 9060 XT", 320, Radeon),
        new("RX 9070", 640, Radeon),
        new("RX 9070 XT", 640, Radeon),
        new("PRO W6800", 512, Radeon),
        new("PRO W7800", 576, Radeon),
        new("PRO W7800 48GB", 864, Radeon),
        new("PRO W7900", 864, Radeon),
        new("PRO W7900 Dual Slot", 864, Radeon),
        new("MI50", 1024, Radeon),
        new("MI60", 1024, Radeon),
        new("MI100", 1228.8, Radeon),
        new("MI210", 1638.4, Radeon),
        new("MI300X", 5300, Radeon),
        new("8060S", 256, StrixHalo),
        new("8050S", 256, StrixHalo),
    ];
}
