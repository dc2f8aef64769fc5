using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Speed;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models.Speed;

public sealed class SpeedEstimateTests
{
    // Bytes as in docs/speed.md; shapes from the models' own headers. Llama has 8 KV heads of 128 in each layer, Qwen3-30B-A3B has 4.
    private static readonly ModelShape Llama70 = Dense(41_920_000_000, new LayerCache(80, 1024, 1024, null));
    private static readonly ModelShape Llama8 = Dense(4_620_000_000, new LayerCache(32, 1024, 1024, null));
    private static readonly ModelShape Qwen27 = Dense(15_280_000_000, new LayerCache(16, 1024, 1024, null)) with { RecurrentElements = 37_748_736 };
    private static readonly ModelShape QwenMixture = Dense(1_920_000_000, new LayerCache(48, 512, 512, null)) with { Experts = 128, UsedExperts = 8 };

    public static TheoryData<string, double, double> Runs => new()
    {
        { "Llama70 on an M1 Max", 400, 5 },
        { "Qwen27 on an M1 Max", 400, 15 },
        { "Llama8 on an M4 Max", 546, 83 },
        { "Llama8 on an RTX 4090", 1008, 130.58 },
        { "QwenMixture on an M2 Max", 400, 68 },
        { "QwenMixture on a Ryzen AI Max", 256, 74.76 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Comes_near_to_what_was_measured(string run, double gigabytesPerSecond, double measured)
    {
        var shape = run.Split(' ')[0] switch { nameof(Llama70) => Llama70, nameof(Llama8) => Llama8, nameof(Qwen27) => Qwen27, _ => QwenMixture };
        var factor = shape.Experts > 0 ? 2 : 1.5;
        Assert.InRange(SpeedEstimate.Of(shape, (long)(gigabytesPerSecond * 1e9), 512, "f16")!.Value, measured / factor, measured * factor);
    }

    [Fact]
    public void Is_bandwidth_times_efficiency_over_weights_and_cache()
    {
        // 80 layers × 2,048 numbers × 34/32 bytes × 10,000 tokens.
        Assert.Equal(41_920_000_000 + 1_740_800_000, SpeedEstimate.BytesPerToken(Llama70, 10_000, "q8_0"));
        Assert.Equal(400e9 * SpeedEstimate.DenseEfficiency / 43_660_800_000, SpeedEstimate.Of(Llama70, 400_000_000_000, 10_000, "q8_0")!.Value, 9);
        Assert.Equal(400e9 * SpeedEstimate.MixtureEfficiency / 1_920_000_000, SpeedEstimate.Of(QwenMixture, 400_000_000_000, 0, "q8_0")!.Value, 9);
    }

    [Fact]
    public void A_layer_reads_no_further_back_than_its_window()
    {
        var gemma = Dense(0, new LayerCache(5, 100, 60, 1_024), new LayerCache(1, 100, 60, null));
        Assert.Equal((5 * 160 * 2 * 1_024) + (160 * 2 * 8_000), SpeedEstimate.BytesPerToken(gemma, 8_000, "f16"));
        Assert.Equal(6 * 160 * 2 * 500, SpeedEstimate.BytesPerToken(gemma, 500, "f16"));
    }

    [Fact]
    public void The_states_of_recurrent_layers_are_read_whole_at_any_length()
    {
        var mamba = Dense(1_000) with { RecurrentElements = 50 };
        Assert.Equal(1_200, SpeedEstimate.BytesPerToken(mamba, 0, "f16"));
        Assert.Equal(1_200, SpeedEstimate.BytesPerToken(mamba, 100_000, "f16"));
    }

    [Fact]
    public void What_is_not_known_is_not_guessed()
    {
        ModelShape[] incomplete = [Llama8 with { ActiveBytes = null }, Llama8 with { Cache = null }, Llama8 with { Experts = null }, Llama8 with { RecurrentElements = null }, new ModelShape()];
        Assert.All(incomplete, shape => Assert.Null(SpeedEstimate.Of(shape, 400_000_000_000, 512, "f16")));
        Assert.Null(SpeedEstimate.Of(Llama8, null, 512, "f16"));
        Assert.Null(SpeedEstimate.Of(Llama8, 0, 512, "f16"));
        Assert.Null(SpeedEstimate.Of(Llama8, 400_000_000_000, 512, "q9_9"));
        Assert.NotNull(SpeedEstimate.Of(Llama8, 400_000_000_000, 512, "f16"));
    }

    [Fact]
    public void The_efficiencies_are_the_medians_of_the_runs_that_the_page_names()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "speed.md"));
        var dense = Efficiencies(page, "### Dense models");
        var mixtures = Efficiencies(page, "### Mixtures of experts");
        Assert.Equal((46, 18), (dense.Count, mixtures.Count));
        Assert.Equal(SpeedEstimate.DenseEfficiency, Median(dense), 0.005);
        Assert.Equal(SpeedEstimate.MixtureEfficiency, Median(mixtures), 0.005);
    }

    // | source | machine | GB/s | model | GB per token | tok/s | efficiency |
    private static List<double> Efficiencies(string page, string title)
    {
        var efficiencies = new List<double>();
        foreach (var line in page[page.IndexOf(title, StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|')))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            double Number(int cell) => double.Parse(cells[cell], CultureInfo.InvariantCulture);
            efficiencies.Add(Number(6) * Number(5) / Number(3));
            Assert.Equal(Number(7), efficiencies[^1], 0.0101);
        }
        return efficiencies;
    }

    private static double Median(List<double> values) => (values.Order().ElementAt((values.Count - 1) / 2) + values.Order().ElementAt(values.Count / 2)) / 2;

    private static ModelShape Dense(long activeBytes, params LayerCache[] cache) => new() { ActiveBytes = activeBytes, Experts = 0, RecurrentElements = 0, Cache = cache };
}
