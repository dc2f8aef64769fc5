using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>What a listed model would take of a machine, and what other models leave of it.</summary>
public sealed class ListedModelsFitTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    private static readonly EngineAbilities Engine = new("/bin/llama-server", "0.7.0 (build 11669, commit Debian)", EngineAbilities.FlagsOf("-fa, --flash-attn [on|off|auto]  x\n-ctk, --cache-type-k TYPE  x\n-ctv, --cache-type-v TYPE  x\n"), false);

    private static readonly Settings Long = new() { ContextLength = 32_768 };

    [Theory]
    [InlineData(9.0)]
    [InlineData(9.5)]
    [InlineData(10.2)]
    [InlineData(12.7)]
    [InlineData(13.2)]
    [InlineData(15.0)]
    [InlineData(24.0)]
    public void The_context_of_an_engines_model_shrinks_as_the_engine_will_shrink_it(double free)
    {
        var machine = Shapes.Pc with { AvailableMemory = (long)(free * 1e9) };
        var fit = Of(Model("coder"), machine: machine, settings: Long);
        if (fit.Fit == Verdict.TooBig)
        {
            Assert.Equal(32_768, fit.Serving.Context);
            Assert.Contains("is too big", Assert.Throws<BackendException>(Plan).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((Plan().Context, "q8_0"), (fit.Serving.Context, fit.Serving.Cache));
            Assert.Equal(fit.Serving.Context < 32_768 && fit.Serving.Context == FitAdvice.LeastContext ? Verdict.Tight : Verdict.Fits, fit.Fit);
        }

        EnginePlan Plan() => EnginePlan.Of(Engine, new WantedModel("coder", "/m/coder.gguf", 0) { SizeBytes = 9 * Gigabyte, TrainedContext = 32_768, Shape = Shapes.Coder }, new EngineSettings(), 32_768, machine);
    }

    [Fact]
    public void A_loaded_model_of_the_engine_is_judged_with_the_context_that_it_has() =>
        Assert.Equal((32_768, true), Of(Model("coder", loaded: true) with { ContextLength = 32_768 }, machine: Shapes.Pc with { AvailableMemory = Gigabyte }, settings: Long) is var fit ? (fit.Serving.Context, fit.Loaded) : default);

    [Fact]
    public void Other_backends_keep_the_context_that_they_say_or_their_default_or_that_of_the_settings()
    {
        Assert.Equal(new Serving(8_192), Of(Model("coder", "lmstudio") with { ContextLength = 8_192 }).Serving);
        Assert.Equal(new Serving(4_096), Of(Model("coder", "ollama") with { OllamaNames = true }).Serving);
        Assert.Equal(new Serving(2_048), Of(Model("coder", "ollama") with { OllamaNames = true, TrainedContext = 2_048 }).Serving);
        Assert.Equal(new Serving(16_384), Of(Model("coder", "omlx") with { TrainedContext = 131_072 }).Serving);
        Assert.Equal(new Serving(8_192), Of(Model("coder", "omlx") with { TrainedContext = 8_192 }).Serving);
    }

    [Fact]
    public void What_the_other_models_of_its_backend_hold_counts_as_free_and_what_those_of_others_hold_does_not()
    {
        ModelFacts[] others = [Model("a", "ollama", true) with { ResidentBytes = 5 * Gigabyte }, Model("b", "lmstudio", true) with { ResidentBytes = 3 * Gigabyte }, Model("c", "ollama") with { ResidentBytes = 2 * Gigabyte }];
        var machine = Shapes.Pc with { AvailableMemory = 12 * Gigabyte };
        Assert.Equal(17 * Gigabyte, Of(Model("coder", "ollama"), others, machine).Budget.Free);
        Assert.Equal(15 * Gigabyte, Of(Model("coder", "lmstudio"), others, machine).Budget.Free);
        Assert.Equal(12 * Gigabyte, Of(Model("coder", "omlx"), others, machine).Budget.Free);
    }

    [Fact]
    public void Of_an_engines_model_only_what_is_no_page_of_a_file_counts_as_given_back()
    {
        ModelFacts[] others = [Model("other", loaded: true) with { SizeBytes = 9 * Gigabyte, ResidentBytes = 10 * Gigabyte }];
        Assert.Equal(13 * Gigabyte, Of(Model("coder"), others, Shapes.Pc with { AvailableMemory = 12 * Gigabyte }).Budget.Free);
        Assert.Equal(12 * Gigabyte, Of(Model("coder"), [others[0] with { ResidentBytes = 4 * Gigabyte }], Shapes.Pc with { AvailableMemory = 12 * Gigabyte }).Budget.Free);
        Assert.Equal(12 * Gigabyte, Of(Model("coder"), [others[0] with { ResidentBytes = null }], Shapes.Pc with { AvailableMemory = 12 * Gigabyte }).Budget.Free);
    }

    [Fact]
    public void No_more_becomes_free_than_there_is() =>
        Assert.Equal(Shapes.Pc.TotalMemory, Of(Model("coder", "ollama"), [Model("a", "ollama", true) with { ResidentBytes = 30 * Gigabyte }]).Budget.Free);

    [Fact]
    public void On_unified_memory_idle_programs_make_room_and_that_is_told_as_tight()
    {
        var fit = Of(Model("coder", "ollama"), machine: Shapes.Mac with { AvailableMemory = 8 * Gigabyte });
        Assert.Equal((Verdict.Tight, Shapes.Mac.MostForModels, 8 * Gigabyte, 26_800_000_000), (fit.Fit, fit.Budget.Free, fit.Budget.Now, fit.Budget.Fast));
        Assert.Equal(Verdict.Fits, Of(Model("coder", "ollama"), machine: Shapes.Mac with { AvailableMemory = 14 * Gigabyte }).Fit);
    }

    [Fact]
    public void On_unified_memory_what_models_of_its_backend_hold_is_free_now_and_no_more_than_that()
    {
        ModelFacts[] others = [Model("a", "ollama", true) with { ResidentBytes = 10 * Gigabyte }, Model("b", "lmstudio", true) with { ResidentBytes = 7 * Gigabyte }];
        var fit = Of(Model("coder", "ollama"), others, Shapes.Mac);
        Assert.Equal((Shapes.Mac.MostForModels - (7 * Gigabyte), 22 * Gigabyte), (fit.Budget.Free, fit.Budget.Now));
    }

    [Fact]
    public void On_unified_memory_a_loaded_model_leaves_what_it_does_not_take()
    {
        var large = Model("large", "ollama", true) with { SizeBytes = 26 * Gigabyte, ResidentBytes = 27 * Gigabyte };
        var fit = Of(large, machine: Shapes.Mac with { AvailableMemory = Gigabyte });
        Assert.Equal((Verdict.Tight, Shapes.Mac.MostForModels - (27 * Gigabyte)), (fit.Fit, fit.Budget.Free));
        Assert.Equal(Verdict.Fits, Of(Model("coder", "ollama", true) with { ResidentBytes = 10 * Gigabyte }, machine: Shapes.Mac).Fit);
    }

    [Fact]
    public void On_unified_memory_more_than_there_is_leaves_nothing_and_not_less()
    {
        var fit = Of(Model("coder", "ollama"), [Model("b", "lmstudio", true) with { ResidentBytes = 40 * Gigabyte }], Shapes.Mac);
        Assert.Equal((Verdict.TooBig, 0), (fit.Fit, fit.Budget.Free));
    }

    [Fact]
    public void For_a_loaded_model_nobody_makes_room()
    {
        ModelFacts[] others = [Model("a", "ollama", true) with { ResidentBytes = 10 * Gigabyte }];
        Assert.Equal(2 * Gigabyte, Of(Model("coder", "ollama", true), others, Shapes.Pc with { AvailableMemory = 2 * Gigabyte }).Budget.Free);
        Assert.Equal(Shapes.Mac.MostForModels - (22 * Gigabyte), Of(Model("coder", "ollama", true) with { ResidentBytes = 12 * Gigabyte }, others, Shapes.Mac).Budget.Free);
        var estimated = Of(Model("coder", "lmstudio", true), machine: Shapes.Mac);
        Assert.Equal(Shapes.Mac.MostForModels - estimated.Need.Total, estimated.Budget.Free);
    }

    [Fact]
    public void What_the_GPU_takes_of_unified_memory_is_a_soft_limit()
    {
        var fit = Of(Model("coder", "ollama"), machine: Shapes.Mac with { GpuWorkingSet = 8 * Gigabyte });
        Assert.Equal(Verdict.Tight, fit.Fit);
        Assert.Contains("sudo sysctl iogpu.wired_limit_mb=", fit.Budget.FastRemedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_memory_of_cards_comes_on_top_and_what_does_not_fit_into_it_is_tight()
    {
        var machine = Shapes.Pc with { Cards = [Card(24, 23)] };
        var small = Of(Model("coder", "ollama"), machine: machine);
        Assert.Equal((Verdict.Fits, 47 * Gigabyte, 23 * Gigabyte, null), (small.Fit, small.Budget.Free, small.Budget.Fast, small.Budget.Now));
        var large = Of(Model("large", "ollama") with { SizeBytes = 30 * Gigabyte }, machine: machine);
        Assert.Equal(Verdict.Tight, large.Fit);
        Assert.Equal("the rest is computed by the processor, which is slower", large.Budget.FastRemedy);
        Assert.Equal(Verdict.TooBig, Of(Model("huge", "ollama") with { SizeBytes = 50 * Gigabyte }, machine: machine).Fit);
    }

    [Fact]
    public void A_card_that_a_loaded_model_has_filled_is_not_too_small_for_it() =>
        Assert.Equal(Verdict.Fits, Of(Model("coder", "ollama", true) with { SizeBytes = 20 * Gigabyte, ResidentBytes = 21 * Gigabyte }, machine: Shapes.Pc with { Cards = [Card(24, 2)] }).Fit);

    [Fact]
    public void A_machine_of_which_nothing_is_known_says_nothing()
    {
        var fit = Of(Model("coder"), machine: new MachineProfile(null, null, null));
        Assert.Equal((Verdict.Unknown, 16_384), (fit.Fit, fit.Serving.Context));
    }

    private static FitVerdict Of(ModelFacts model, ModelFacts[]? others = null, MachineProfile? machine = null, Settings? settings = null) =>
        Fitting.Of(model, Shapes.Coder with { WeightBytes = model.SizeBytes }, [model, .. others ?? []], machine ?? Shapes.Pc, settings ?? new Settings());

    private static GraphicsCard Card(int total, int free) => new("a card", total * Gigabyte, free * Gigabyte, null);

    private static ModelFacts Model(string name, string backend = "engine", bool loaded = false) => new() { Name = name, Backend = backend, SizeBytes = 9 * Gigabyte, Loaded = loaded };
}
