using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models.Fit;

public sealed class FittingTests
{
    private const long Gigabyte = 1_000_000_000;

    // 48 layers, 8 KV heads of 128: 0.8 GB of cache at 4,096 tokens.
    private static readonly ModelShape Shape = new()
    {
        EmbeddingLength = 5_120,
        FeedForwardLength = 13_824,
        Heads = 40,
        KvHeads = 8,
        KeyLength = 128,
        ValueLength = 128,
        Vocabulary = 152_064,
        Experts = 0,
        UsedExperts = 0,
        RecurrentElements = 0,
        Cache = [new LayerCache(48, 8 * 128, 8 * 128, null)],
    };

    private static readonly MachineProfile Mac = new(32L << 30, 12 * Gigabyte, 8) { IsUnifiedMemory = true, GpuWorkingSet = 22 * Gigabyte };

    [Fact]
    public void A_model_that_is_on_the_card_already_fits_there()
    {
        var fit = Of(Model(16, loaded: true), [], WithCard(24, free: 7));
        Assert.Equal((Verdict.Fits, 24 * Gigabyte), (fit.Fit, fit.Budget.Fast + Gigabyte));
    }

    [Fact]
    public void A_model_that_is_loaded_and_more_than_the_card_has_is_tight() =>
        Assert.Equal(Verdict.Tight, Of(Model(20, loaded: true), [], WithCard(8, free: 0)).Fit);

    [Fact]
    public void What_makes_room_on_the_card_counts_there_and_not_in_the_full_main_memory()
    {
        var fit = Of(Model(18), [Model(18, loaded: true, name: "other")], WithCard(24, free: 4) with { AvailableMemory = 15 * Gigabyte, TotalMemory = 16 * Gigabyte });
        Assert.Equal((Verdict.Fits, 37 * Gigabyte, 22 * Gigabyte), (fit.Fit, fit.Budget.Free, fit.Budget.Fast));
    }

    [Fact]
    public void A_processor_with_graphics_works_with_what_it_may_borrow()
    {
        var machine = new MachineProfile(16 * Gigabyte, 13 * Gigabyte, 8) { Cards = [new GraphicsCard("AMD GPU", Gigabyte / 2, Gigabyte / 4, null) { BorrowedMemory = 8 * Gigabyte }] };
        Assert.Equal(Verdict.Fits, Of(Model(5), [], machine).Fit);
        Assert.Equal(Verdict.Tight, Of(Model(9), [], machine).Fit);
    }

    [Fact]
    public void What_a_loaded_model_leaves_of_unified_memory_is_less_by_itself_and_by_all_others()
    {
        var other = Model(5, loaded: true, name: "other");
        Assert.Equal(Mac.MostForModels - (14 * Gigabyte), Of(Model(9, loaded: true), [other], Mac).Budget.Free);
        Assert.Equal((Verdict.Tight, 0L), (Of(Model(27, loaded: true), [other], Mac).Fit, Of(Model(27, loaded: true), [other], Mac).Budget.Free));
    }

    [Fact]
    public void Advice_on_a_loaded_model_that_is_more_than_the_gpu_takes_says_so()
    {
        var model = Model(23, loaded: true);
        var listing = new Listing([model], [], [], []);
        var menu = MenuMaker.Of(listing, model.Id, Mac, new Settings(), new SpeedBook([]), ModelCatalog.Load(new Settings()));
        Assert.StartsWith("Advice: m needs 23.0 GB by our estimate, and the GPU takes 22.0 GB; macOS gives the GPU no more than that by default", menu.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, 4_096)]
    [InlineData(24, 32_768)]
    [InlineData(48, 262_144)]
    public void Ollama_takes_its_context_by_the_memory_of_the_gpu(int gibibytes, int context)
    {
        var machine = new MachineProfile(256L << 30, 200L << 30, 8) { Cards = [new GraphicsCard("card", (long)gibibytes << 30, (long)gibibytes << 30, null)] };
        Assert.Equal(context, Of(Model(5) with { OllamaNames = true, TrainedContext = 1_000_000 }, [], machine).Serving.Context);
        Assert.Equal(Math.Min(8_192, context), Of(Model(5) with { OllamaNames = true, TrainedContext = 8_192 }, [], machine).Serving.Context);
        Assert.Equal(2_048, Of(Model(5) with { OllamaNames = true, TrainedContext = 8_192, ContextLength = 2_048 }, [], machine).Serving.Context);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MaxValue)]
    public void A_size_that_is_none_is_not_shown_as_one(long size)
    {
        var model = Model(1) with { SizeBytes = size, Shape = null };
        Assert.Equal("–", MenuMaker.Of(new Listing([model], [], [], []), null, Mac, new Settings(), new SpeedBook([]), ModelCatalog.Load(new Settings())).Entries[0].Fit!.Cell);
    }

    [Fact]
    public void What_another_host_holds_takes_nothing_of_this_machine()
    {
        using var server = new ServerConnection("Ollama", new Uri("http://192.0.2.1:11434/"), "", "", new Limits(), TimeProvider.System);
        var (here, there) = (Model(5), Model(20, loaded: true) with { Backend = "box" });
        var listing = new Listing([here, there], new() { ["box"] = new OllamaBackend("box", new Uri("http://192.0.2.1:11434/"), server, new OllamaSettings(), TimeProvider.System) }, [], []);
        var menu = MenuMaker.Of(listing, null, Mac, new Settings(), new SpeedBook([]), ModelCatalog.Load(new Settings()));
        Assert.Equal((Mac.MostForModels, null), (menu.Entries[0].Fit!.Budget.Free, menu.Entries[1].Fit));
    }

    private static MachineProfile WithCard(int gigabytes, int free) =>
        new(64 * Gigabyte, 40 * Gigabyte, 8) { Cards = [new GraphicsCard("card", gigabytes * Gigabyte, free * Gigabyte, null)] };

    private static ModelFacts Model(int gigabytes, bool loaded = false, string name = "m") => new()
    {
        Name = name,
        Backend = "ollama",
        SizeBytes = gigabytes * Gigabyte,
        ContextLength = 4_096,
        Loaded = loaded,
        ResidentBytes = loaded ? gigabytes * Gigabyte : null,
        Shape = Shape,
    };

    private static FitVerdict Of(ModelFacts model, IReadOnlyList<ModelFacts> others, MachineProfile machine)
    {
        var asked = model.OllamaNames && model.ContextLength == 4_096 ? model with { ContextLength = null } : model;
        return Fitting.Of(asked, Shape with { WeightBytes = model.SizeBytes }, [asked, .. others], machine, new Settings());
    }
}
