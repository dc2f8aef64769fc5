using System.Globalization;
using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>How an engine is started for a model on this machine: decided from values, started elsewhere.</summary>
/// <param name="Serving">Context, slots and type of the KV cache.</param>
/// <param name="PromptCacheMib">Most memory for prompts that the engine keeps beside its slots, in MiB.</param>
internal sealed record EnginePlan(EngineAbilities Engine, WantedModel Model, Serving Serving, int PromptCacheMib, IReadOnlyList<string> Arguments)
{
    private const int MostSlots = 4;
    private const int UnknownSlots = 2;
    private const int MostCacheMib = 8_192;
    private const long Mebibyte = 1024 * 1024;

    // What llama.cpp leaves free on a card where it counts itself, the default of --fit-target.
    private const long CardMargin = 1024 * Mebibyte;

    /// <summary>Decides.</summary>
    /// <param name="plainCache">Without quantizing the KV cache, after the engine has refused it.</param>
    /// <exception cref="BackendException">By our estimate the model does not fit into the memory; the message holds the numbers.</exception>
    public static EnginePlan Of(EngineAbilities engine, WantedModel model, EngineSettings settings, int contextLength, MachineProfile machine, bool plainCache = false)
    {
        if (model.LeastContext > model.TrainedContext && !model.Forced)
            throw TooShort(model);
        var shape = Shape(model);
        var serving = new Serving(ContextFor(model, contextLength), 1, plainCache ? "f16" : CacheType(engine, shape, settings))
        {
            FlashAttention = settings.FlashAttention != "off",
            ScoresOfWholeBatch = !engine.KeepsFewScores,
        };
        if (engine.Knows("--ubatch-size"))
            serving = serving with { Batch = ReadingStep.For(engine.HasGpu) };
        var (memory, cards) = (MemoryFor(engine, machine), Cards(engine, machine));
        serving = serving with { Context = ContextFor(shape, serving, settings.CheckMemory && !model.Forced ? memory : null, model, machine) };
        serving = serving with { Slots = settings.Parallel > 0 ? settings.Parallel : SlotsFor(shape, serving, MemoryNeed.Of(shape, serving).Total <= cards ? cards : memory) };
        var prompts = settings.PromptCacheMib >= 0 ? settings.PromptCacheMib : PromptCache((memory - MemoryNeed.Of(shape, serving).Total) ?? machine.TotalMemory / 16 ?? 0);
        return new EnginePlan(engine, model, serving, prompts, [.. Flags(engine, model, settings, machine, serving, prompts, Layers(engine, MemoryNeed.Of(shape, serving), settings, machine, cards)), .. settings.Arguments]);
    }

    /// <summary>Tokens that each slot of a model is to be given: those of the settings, or more where a call needs more, and never more than the model was trained for.</summary>
    public static int ContextFor(WantedModel model, int contextLength) => Math.Min(Math.Max(contextLength, model.LeastContext ?? 0), model.TrainedContext ?? int.MaxValue);

    /// <summary>Tokens that each slot is given.</summary>
    public int Context => Serving.Context;

    /// <summary>Answers at once.</summary>
    public int Slots => Serving.Slots;

    /// <summary>Bytes of memory that this may take, by our estimate: weights, KV cache at the full context of all slots, working buffers, and a full prompt cache. Null when it cannot be said.</summary>
    public long? Memory => MemoryNeed.Of(Shape(Model), Serving).Total + (PromptCacheMib * Mebibyte);

    /// <summary>Whether the KV cache is quantized. An engine may refuse that for a model, and is then asked again without.</summary>
    public bool IsQuantized => Models.Fit.CacheType.IsQuantized(Serving.Cache);

    /// <summary>As it could be typed into a shell.</summary>
    public string CommandLine => string.Join(' ', Arguments.Prepend(Engine.Program).Select(Quoted));

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-=:,+@%".Contains(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // All parts of a split file add up to more than its header says of the first one.
    private static ModelShape Shape(WantedModel model) => (model.Shape ?? new ModelShape()) with { WeightBytes = model.SizeBytes };

    // What a model may take: with a card, its memory too. Where nobody says how much that is, the engine fits the model in by itself.
    private static long? MemoryFor(EngineAbilities engine, MachineProfile machine) =>
        engine.HasGpu != true || machine.IsUnifiedMemory ? machine.MemoryForModels
        : machine.Cards.Count > 0 && machine.Cards.All(card => card.FreeMemory is not null) ? machine.MemoryForModels + machine.Cards.Sum(card => card.FreeMemory)
        : null;

    // What the cards take of it: a model that fits there gets no slots that would push it out.
    private static long? Cards(EngineAbilities engine, MachineProfile machine) =>
        engine.HasGpu == true && !machine.IsUnifiedMemory ? CardMemory.Reach(machine, card => card.FreeMemory) - (CardMargin * machine.Cards.Count) : null;

    /// <summary>q8_0 where the engine has it, together with the flash attention that a quantized V cache needs, and the model's heads are whole blocks of it.</summary>
    private static string CacheType(EngineAbilities engine, ModelShape shape, EngineSettings settings)
    {
        var able = engine.Knows("--cache-type-k") && engine.Knows("--cache-type-v") && engine.Knows("--flash-attn");
        return able || settings.KvCache.Length > 0 ? Models.Fit.CacheType.For(shape, settings) : "f16";
    }

    // As much as fits and leaves the headroom; less headroom rather than no use; the whole wish where that cannot be said.
    private static int ContextFor(ModelShape shape, Serving serving, long? memory, WantedModel model, MachineProfile machine)
    {
        if (memory is not { } free || model.SizeBytes is null)
            return serving.Context;
        var least = serving with { Context = Math.Min(Math.Max(FitAdvice.LeastContext, model.LeastContext ?? 0), serving.Context) };
        var need = MemoryNeed.Of(shape, least);
        if (need.Least > free)
            throw TooBig(model, shape, model.LeastContext is null ? serving : least, free, machine);
        return need.Total is null ? serving.Context : Math.Max(FitAdvice.LargestContext(shape, serving, free - machine.Headroom) ?? 0, least.Context);
    }

    // As many as take no more than a quarter of what is left beside the rest.
    private static int SlotsFor(ModelShape shape, Serving serving, long? memory) =>
        memory - MemoryNeed.Of(shape, serving).Total is { } left && CacheMemory.Of(shape, serving) is > 0 and var each ? (int)Math.Clamp((left + each) / 4 / each, 1, MostSlots) : UnknownSlots;

    // With a word for all of them the engine does not count, and fails where a card is too small for them.
    private static string Layers(EngineAbilities engine, MemoryNeed need, EngineSettings settings, MachineProfile machine, long? cards) =>
        settings.GpuLayers.Length > 0 ? settings.GpuLayers
        : engine.HasGpu != true ? ""
        : machine.IsUnifiedMemory || need.Total <= cards ? "all" : "auto";

    // A quarter of what is left.
    private static int PromptCache(long left) => (int)Math.Clamp(left / 4 / Mebibyte, 0, MostCacheMib);

    private static List<string> Flags(EngineAbilities engine, WantedModel model, EngineSettings settings, MachineProfile machine, Serving serving, int prompts, string layers)
    {
        var (context, slots, cache) = (serving.Context, serving.Slots, serving.Cache);
        var flags = new List<string> { "--model", model.File };
        Add("--alias", model.Name);
        Add("--ctx-size", Whole(context * slots));
        Add("--parallel", Whole(slots));
        // Every slot has its own part, so that no answer can be starved by the others.
        Switch("--no-kv-unified");
        Add("--threads", Whole(settings.Threads > 0 ? settings.Threads : machine.EngineThreads));
        Steps();
        Layers();
        Attention();
        Add("--cache-ram", Whole(prompts));
        Switch("--jinja");
        // Nobody but us is to talk to it, and it to nobody.
        Switch(engine.Name("--no-ui", "--no-webui"));
        Add("--cors-origins", "");
        Switch("--no-slots");
        Switch("--offline");
        return flags;

        void Add(string flag, string value)
        {
            if (engine.Knows(flag))
                flags.AddRange([flag, value]);
        }

        void Switch(string? flag)
        {
            if (flag is not null && engine.Knows(flag))
                flags.Add(flag);
        }

        // A step has room for the tokens of all answers that are being written, and for some of a prompt.
        void Steps()
        {
            if (!engine.Knows("--ubatch-size"))
                return;
            Add("--batch-size", Whole(Math.Max(serving.Batch, 2 * slots)));
            Add("--ubatch-size", Whole(Math.Max(serving.Batch, 2 * slots)));
        }

        void Layers()
        {
            // Before it had a word for all of them, a number beyond any model's did; before it could count them itself, it took none by default.
            if (layers.Length > 0 && engine.Knows("--gpu-layers"))
                Add("--gpu-layers", layers is not ("all" or "auto") || Explains("--gpu-layers", layers) ? layers : "999");
        }

        void Attention()
        {
            var attention = settings.FlashAttention.Length > 0 ? settings.FlashAttention : Models.Fit.CacheType.IsQuantized(cache) ? "on" : "";
            if (attention.Length > 0 && Explains("--flash-attn", "auto"))
                Add("--flash-attn", attention);
            else if (attention == "on")
                Switch("--flash-attn");
            if (cache != "f16")
            {
                Add("--cache-type-k", cache);
                Add("--cache-type-v", cache);
            }
        }

        bool Explains(string flag, string word) => engine.Flags.TryGetValue(flag, out var line) && line.Contains(word, StringComparison.Ordinal);
    }

    private static BackendException TooBig(WantedModel model, ModelShape shape, Serving serving, long free, MachineProfile machine)
    {
        var budget = new MemoryBudget(free, machine.Headroom);
        var verdict = FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, budget);
        return new BackendException(BackendFailure.Refused, $"{FitAdvice.TooBig(model.Name, shape, verdict, machine.AvailableMemory >= machine.TotalMemory ? "of this machine" : FitAdvice.FreeNow)} Choose a smaller model or quantization with set_model, or end other programs. To load it all the same, give set_model its name and force, or set engine.check_memory to false in settings.json.");
    }

    private static BackendException TooShort(WantedModel model) => new(
        BackendFailure.Refused,
        string.Create(CultureInfo.InvariantCulture, $"{model.Name} was trained for a context of {model.TrainedContext:N0} tokens, and this needs {model.LeastContext:N0}. Choose a model that was trained for more with set_model; list_models shows how much each has."));

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
