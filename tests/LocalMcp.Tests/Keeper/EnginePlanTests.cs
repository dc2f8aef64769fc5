using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;

namespace LocalMcp.Tests.Keeper;

public sealed class EnginePlanTests
{
    private const long Gigabyte = 1_000_000_000;

    private static readonly MachineProfile Laptop = new(32 * Gigabyte, 24 * Gigabyte, 8);

    // As llama.cpp 0.7.0 explains them, shortened.
    private const string Help = """
        ----- common params -----
        -h,    --help, --usage                  print usage and exit
        -t,    --threads N                      number of CPU threads to use during generation (default: <num_cpus>)
        -c,    --ctx-size N                     size of the prompt context (default: 0, 0 = loaded from model)
        -fa,   --flash-attn [on|off|auto]       set Flash Attention use ('on', 'off', or 'auto', default: 'auto')
        -ctk,  --cache-type-k TYPE              KV cache data type for K
        -ctv,  --cache-type-v TYPE              KV cache data type for V
        -ngl,  --gpu-layers, --n-gpu-layers N   max. number of layers to store in VRAM, either an exact number,
                                                'auto', or 'all' (default: auto)
        -m,    --model FNAME                    model path to load
        -a,    --alias STRING                   set model name aliases
        -np,   --parallel N                     number of server slots (default: -1, -1 = auto)
        -kvu,  --kv-unified, -no-kvu, --no-kv-unified
                                                use single unified KV buffer (see --not-a-flag)
        -cram, --cache-ram N                    set the maximum cache size in MiB
        --ui,  --webui, --no-ui, --no-webui     whether to enable the Web UI (default: enabled)
        --cors-origins ORIGINS                  comma-separated list of allowed origins for CORS (default: *)
        --jinja, --no-jinja                     whether to use jinja template engine for chat
        """;

    private static readonly EngineAbilities Current = new("/bin/llama-server", "0.7.0 (build 11669, commit Debian)", EngineAbilities.FlagsOf(Help), false);

    // Qwen2.5-Coder-14B at 4 bit: 48 layers, 8 KV heads of 128.
    private static readonly ModelShape CoderShape = new()
    {
        Parameters = 14_770_033_664,
        Layers = 48,
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

    private static readonly WantedModel Coder = new("coder", "/m/coder.gguf", 0) { SizeBytes = 9 * Gigabyte, TrainedContext = 32_768, Shape = CoderShape };

    [Fact]
    public void Flags_and_their_explanations_are_read_from_the_help()
    {
        Assert.Contains("'all'", Current.Flags["--gpu-layers"], StringComparison.Ordinal);
        Assert.True(Current.Knows("-np") && Current.Knows("--no-kv-unified") && Current.Knows("--no-webui"));
        Assert.False(Current.Knows("--not-a-flag") || Current.Knows("-----") || Current.Knows("-1"));
        Assert.Equal("--no-ui", Current.Name("--no-ui", "--no-webui"));
    }

    [Fact]
    public void By_default_every_slot_has_the_whole_context_in_a_quantized_cache_and_a_core_is_left_free()
    {
        var plan = Plan();
        Assert.Equal((16_384, 2, true), (plan.Context, plan.Slots, plan.IsQuantized));
        Assert.Equal(
            "/bin/llama-server --model /m/coder.gguf --alias coder --ctx-size 32768 --parallel 2 --no-kv-unified --threads 7 --flash-attn on --cache-type-k q8_0 --cache-type-v q8_0 --cache-ram 2757 --jinja --no-ui --cors-origins ''",
            plan.CommandLine.Replace(" --cache-ram " + Value(plan, "--cache-ram"), " --cache-ram 2757", StringComparison.Ordinal));
    }

    [Fact]
    public void An_older_engine_gets_only_the_flags_that_it_knows()
    {
        var old = new EngineAbilities("/bin/llama-server", "b3000", EngineAbilities.FlagsOf("-m, --model FNAME  the model\n-c, --ctx-size N  context\n-fa, --flash-attn  enable Flash Attention\n-ngl, --gpu-layers N  number of layers"), true);
        Assert.Equal(["--model", "/m/coder.gguf", "--ctx-size", "32768", "--gpu-layers", "999"], EnginePlan.Of(old, Coder, new EngineSettings { Parallel = 2 }, 16_384, Laptop).Arguments);
    }

    [Fact]
    public void Where_a_card_holds_the_whole_model_all_layers_go_there() =>
        Assert.Equal("all", Layers(Laptop with { Cards = [new GraphicsCard("card", 16 * Gigabyte, 15 * Gigabyte, null)] }));

    [Fact]
    public void Slots_do_not_push_a_model_out_of_the_card_that_holds_it()
    {
        var plan = EnginePlan.Of(Current with { HasGpu = true }, Coder, new EngineSettings(), 16_384, Laptop with { Cards = [new GraphicsCard("card", 16 * Gigabyte, 15 * Gigabyte, null)] });
        Assert.True(MemoryNeed.Of(CoderShape with { WeightBytes = 9 * Gigabyte }, plan.Serving).Total <= 14 * Gigabyte, plan.CommandLine);
    }

    [Fact]
    public void Where_gpu_and_processor_share_the_memory_all_layers_go_there() =>
        Assert.Equal("all", Layers(Laptop with { IsUnifiedMemory = true }));

    [Fact]
    public void Where_a_card_is_too_small_for_the_model_or_says_nothing_the_engine_counts_its_layers()
    {
        Assert.Equal("auto", Layers(Laptop with { Cards = [new GraphicsCard("card", 8 * Gigabyte, 7 * Gigabyte, null)] }));
        Assert.Equal("auto", Layers(Laptop with { Cards = [new GraphicsCard("card", null, null, null)] }));
        Assert.Equal("auto", Layers(Laptop));
    }

    [Fact]
    public void The_settings_override_each_and_further_arguments_come_last()
    {
        var plan = Plan(new EngineSettings { Parallel = 3, Threads = 5, GpuLayers = "12", KvCache = "f16", FlashAttention = "off", PromptCacheMib = 0, Arguments = ["--numa", "isolate"] });
        Assert.Equal(("3", "5", "12", "off", "0"), (Value(plan, "--parallel"), Value(plan, "--threads"), Value(plan, "--gpu-layers"), Value(plan, "--flash-attn"), Value(plan, "--cache-ram")));
        Assert.DoesNotContain("--cache-type-k", plan.Arguments);
        Assert.Equal(["--numa", "isolate"], plan.Arguments.TakeLast(2));
    }

    [Fact]
    public void On_a_processor_a_prompt_is_read_in_small_steps_so_that_a_cancel_is_heard_soon()
    {
        Assert.Equal(("32", "32"), Steps(false));
        Assert.Equal(("512", "512"), Steps(true));
        Assert.Equal(("512", "512"), Steps(null));
        Assert.Equal(("128", "128"), Steps(false, slots: 64));

        static (string, string) Steps(bool? gpu, int slots = 1)
        {
            var engine = Current with { HasGpu = gpu, Flags = EngineAbilities.FlagsOf($"{Help}\n-b, --batch-size N  logical\n-ub, --ubatch-size N  physical\n") };
            var plan = EnginePlan.Of(engine, Coder, new EngineSettings { Parallel = slots }, 16_384, Laptop);
            Assert.Equal(gpu == false ? 32 : 512, plan.Serving.Batch);
            return (Value(plan, "--batch-size"), Value(plan, "--ubatch-size"));
        }
    }

    [Fact]
    public void A_model_whose_heads_are_no_whole_blocks_keeps_a_plain_cache() =>
        Assert.False(EnginePlan.Of(Current, Coder with { Shape = CoderShape with { KeyLength = 80, ValueLength = 80 } }, new EngineSettings(), 16_384, Laptop).IsQuantized);

    [Fact]
    public void The_context_is_bounded_by_what_the_model_was_trained_for() =>
        Assert.Equal(32_768, EnginePlan.Of(Current, Coder, new EngineSettings(), 100_000, Laptop).Context);

    [Fact]
    public void The_context_is_bounded_by_the_memory_beside_the_weights()
    {
        // 48 x 8 x 256 x 34/32 = 104,448 bytes a token; weights, buffers and the headroom of 3.2 GB take the rest of 13.2 GB.
        var plan = EnginePlan.Of(Current, Coder, new EngineSettings(), 32_768, Laptop with { AvailableMemory = 132 * Gigabyte / 10 });
        Assert.InRange(plan.Context, 5_120, 9_216);
        Assert.Equal((0, 1), (plan.Context % 1_024, plan.Slots));
        Assert.True(MemoryNeed.Of(CoderShape with { WeightBytes = 9 * Gigabyte }, plan.Serving).Total <= 10 * Gigabyte);
        Assert.False(MemoryNeed.Of(CoderShape with { WeightBytes = 9 * Gigabyte }, plan.Serving with { Context = plan.Context + 1_024 }).Total <= 10 * Gigabyte);
        Assert.Equal(MemoryNeed.Of(CoderShape with { WeightBytes = 9 * Gigabyte }, plan.Serving).Total + (plan.PromptCacheMib * 1024L * 1024), plan.Memory);
    }

    [Fact]
    public void Rather_than_no_context_of_any_use_the_headroom_is_used_up() =>
        Assert.Equal(FitAdvice.LeastContext, EnginePlan.Of(Current, Coder, new EngineSettings(), 32_768, Laptop with { AvailableMemory = 10 * Gigabyte }).Context);

    [Fact]
    public void A_model_that_does_not_fit_is_refused_with_the_numbers_and_with_what_would_fit()
    {
        var refused = Assert.Throws<BackendException>(() => EnginePlan.Of(Current, Coder, new EngineSettings(), 16_384, Laptop with { AvailableMemory = 8 * Gigabyte }));
        Assert.StartsWith("coder is too big for this machine now, by our estimate: it needs 10.9 GB (weights 9.0, KV cache 1.7 at a context of 16,384, working buffers 0.2), 2.9 GB more than the 8.0 GB that are free. At Q2_K it would fit, with about 7.7 GB.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(16_384, EnginePlan.Of(Current, Coder, new EngineSettings { CheckMemory = false }, 16_384, Laptop with { AvailableMemory = 8 * Gigabyte }).Context);
    }

    [Theory]
    [InlineData("0.7.0 (build 11669, commit Debian)", true)]
    [InlineData("0.7.0 (build 11668, commit Debian)", false)]
    [InlineData("12001 (a1b2c3d)", true)]
    [InlineData("6123 (a1b2c3d)", false)]
    [InlineData("LLamaSharp 0.28.0", false)]
    [InlineData("unknown version", false)]
    public void An_engine_that_is_not_known_to_be_frugal_is_counted_with_the_scores_of_a_whole_batch(string version, bool frugal)
    {
        Assert.Equal(frugal, (Current with { Version = version }).KeepsFewScores);
        Assert.Equal(!frugal, EnginePlan.Of(Current with { Version = version }, Coder, new EngineSettings(), 16_384, Laptop).Serving.ScoresOfWholeBatch);
    }

    [Fact]
    public void What_is_not_known_bounds_nothing()
    {
        var plan = EnginePlan.Of(Current, new WantedModel("m", "/m", 0), new EngineSettings(), 16_384, new MachineProfile(null, null, null));
        Assert.Equal((16_384, 2, null), (plan.Context, plan.Slots, plan.Memory));
    }

    [Fact]
    public void A_call_that_needs_more_context_than_the_settings_say_gets_it_and_never_less_than_the_settings_say()
    {
        Assert.Equal(30_000, Needing(30_000, Laptop).Context);
        Assert.Equal(16_384, Needing(8_000, Laptop).Context);
        Assert.Equal(30_000, EnginePlan.ContextFor(Coder, 30_000));
        Assert.Equal(32_768, EnginePlan.ContextFor(Coder with { LeastContext = 40_000 }, 30_000));
    }

    [Fact]
    public void What_a_call_needs_may_use_up_the_headroom_and_is_refused_with_the_numbers_where_it_does_not_fit()
    {
        var need = MemoryNeed.Of(CoderShape with { WeightBytes = Coder.SizeBytes }, Needing(30_000, Laptop).Serving with { Slots = 1 }).Total!.Value;
        Assert.Equal((30_000, 1), Needing(30_000, Laptop with { AvailableMemory = need }) is var plan ? (plan.Context, plan.Slots) : default);
        var tooSmall = Laptop with { AvailableMemory = need - 1 };
        var refused = Assert.Throws<BackendException>(() => Needing(30_000, tooSmall)).Message;
        Assert.Contains("coder is too big for this machine now", refused, StringComparison.Ordinal);
        Assert.Contains("at a context of 30,000", refused, StringComparison.Ordinal);
        Assert.Matches(@"It would fit with a context of \d+,\d+", refused);
        Assert.InRange(EnginePlan.Of(Current, Coder, new EngineSettings(), 32_768, tooSmall).Context, 2_048, 29_999);
        Assert.Equal(30_000, EnginePlan.Of(Current, Coder with { LeastContext = 30_000, Forced = true }, new EngineSettings(), 16_384, tooSmall).Context);
    }

    [Fact]
    public void More_context_than_the_model_was_trained_for_is_refused_and_forced_means_as_much_as_there_is()
    {
        Assert.StartsWith("coder was trained for a context of 32,768 tokens, and this needs 40,000.", Assert.Throws<BackendException>(() => Needing(40_000, Laptop)).Message, StringComparison.Ordinal);
        Assert.Equal(32_768, EnginePlan.Of(Current, Coder with { LeastContext = 40_000, Forced = true }, new EngineSettings(), 16_384, Laptop).Context);
    }

    [Theory]
    [InlineData("Available devices:\n  (none)\n", false)]
    [InlineData("ggml_cuda_init: found 1 CUDA devices\nAvailable devices:\n  CUDA0: NVIDIA GeForce RTX 4090 (24080 MiB, 23500 MiB free)\n", true)]
    [InlineData("Available devices:\n  BLAS: OpenBLAS (0 MiB, 0 MiB free)\n", false)]
    [InlineData("", false)]
    public void A_gpu_is_there_when_the_engine_lists_one(string list, bool has) => Assert.Equal(has, EngineAbilities.ListsDevices(list));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 5)]
    [InlineData(4, 10)]
    [InlineData(5, 20)]
    [InlineData(6, 30)]
    [InlineData(1000, 30)]
    public void From_the_third_failure_on_the_next_try_waits_twice_as_long_each_time_up_to_30_seconds(int failures, int seconds) =>
        Assert.Equal(seconds, new CrashLoop(failures, "", 0).Pause.TotalSeconds);

    private static EnginePlan Plan(EngineSettings? settings = null) => EnginePlan.Of(Current, Coder, settings ?? new EngineSettings(), 16_384, Laptop);

    private static EnginePlan Needing(int tokens, MachineProfile machine) => EnginePlan.Of(Current, Coder with { LeastContext = tokens }, new EngineSettings(), 16_384, machine);

    private static string Layers(MachineProfile machine) => Value(EnginePlan.Of(Current with { HasGpu = true }, Coder, new EngineSettings(), 16_384, machine), "--gpu-layers");

    private static string Value(EnginePlan plan, string flag) => plan.Arguments[plan.Arguments.ToList().IndexOf(flag) + 1];
}
