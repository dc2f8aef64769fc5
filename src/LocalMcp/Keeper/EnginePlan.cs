using System.Globalization;
using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>How an engine is started for a model on this machine: decided from values, started elsewhere.</summary>
/// <param name="Context">Tokens that each slot is given.</param>
/// <param name="Slots">Answers at once.</param>
/// <param name="Cache">Type of the KV cache.</param>
/// <param name="PromptCacheMib">Most memory for prompts that the engine keeps beside its slots, in MiB.</param>
internal sealed record EnginePlan(EngineAbilities Engine, WantedModel Model, int Context, int Slots, string Cache, int PromptCacheMib, IReadOnlyList<string> Arguments)
{
    private const int LeastContext = 2_048;
    private const int MostSlots = 4;
    private const int UnknownSlots = 2;
    private const int MostCacheMib = 8_192;
    private const long Mebibyte = 1024 * 1024;
    private const int QuantizedBlock = 32;

    /// <summary>Decides.</summary>
    /// <param name="plainCache">Without quantizing the KV cache, after the engine has refused it.</param>
    /// <exception cref="BackendException">By our estimate the model does not fit into the memory; the message holds the numbers.</exception>
    public static EnginePlan Of(EngineAbilities engine, WantedModel model, EngineSettings settings, int contextLength, MachineProfile machine, bool plainCache = false)
    {
        var cache = plainCache ? "f16" : CacheType(engine, model, settings);
        var perToken = BytesPerToken(model, cache);
        // A card has a memory of its own, which the engine fits the model into by itself.
        var memory = engine.HasGpu == true && !OperatingSystem.IsMacOS() ? null : machine.MemoryForModels - (model.SizeBytes ?? 0);
        var context = ContextFor(Math.Min(contextLength, model.TrainedContext ?? int.MaxValue), perToken, settings.CheckMemory ? memory : null, model, machine);
        var slots = settings.Parallel > 0 ? settings.Parallel : SlotsFor(context, perToken, memory);
        var prompts = settings.PromptCacheMib >= 0 ? settings.PromptCacheMib : PromptCache((memory - (perToken * context * slots)) ?? machine.TotalMemory / 16 ?? 0);
        return new EnginePlan(engine, model, context, slots, cache, prompts, [.. Flags(engine, model, settings, machine, context, slots, cache, prompts), .. settings.Arguments]);
    }

    /// <summary>
    /// Bytes of memory that this may take, by our estimate: weights, KV cache at the full context of all slots (elements per token over all
    /// layers × tokens × bytes per element), and a full prompt cache. The engine's working buffers are not in it. Null when it cannot be said.
    /// </summary>
    public long? Memory => Model.SizeBytes + (BytesPerToken(Model, Cache) * Context * Slots) + (PromptCacheMib * Mebibyte);

    /// <summary>Whether the KV cache is quantized. An engine may refuse that for a model, and is then asked again without.</summary>
    public bool IsQuantized => IsQuantizedType(Cache);

    /// <summary>As it could be typed into a shell.</summary>
    public string CommandLine => string.Join(' ', Arguments.Prepend(Engine.Program).Select(Quoted));

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-=:,+@%".Contains(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // q8_0 where the engine has it, together with the flash attention that a quantized V cache needs, and the model's heads are whole blocks of it.
    private static string CacheType(EngineAbilities engine, WantedModel model, EngineSettings settings)
    {
        if (settings.KvCache.Length > 0)
            return settings.KvCache;
        var able = engine.Knows("--cache-type-k") && engine.Knows("--cache-type-v") && engine.Knows("--flash-attn") && settings.FlashAttention is "" or "on";
        var whole = (model.KeyLength ?? QuantizedBlock) % QuantizedBlock == 0 && (model.ValueLength ?? QuantizedBlock) % QuantizedBlock == 0;
        return able && whole ? "q8_0" : "f16";
    }

    private static bool IsQuantizedType(string cache) => cache is not ("f16" or "f32" or "bf16");

    // A block of 32 elements takes 34 bytes as q8_0, 18 as q4_0, 20 as q4_1, 22 as q5_0, 24 as q5_1: ggml/src/ggml-common.h.
    private static long? BytesPerToken(WantedModel model, string cache) => model.KvElementsPerToken * (cache switch
    {
        "f32" => 128,
        "f16" or "bf16" => 64,
        "q8_0" => 34,
        "q4_0" or "iq4_nl" => 18,
        "q4_1" => 20,
        "q5_0" => 22,
        "q5_1" => 24,
        _ => (long?)null,
    }) / QuantizedBlock;

    // As much as fits beside the weights, in steps of 1,024; the whole wish where that cannot be said.
    private static int ContextFor(int wanted, long? perToken, long? memory, WantedModel model, MachineProfile machine)
    {
        if (memory is not { } left || model.SizeBytes is null)
            return wanted;
        var fits = perToken is { } each && each > 0 ? left / each : left > 0 ? long.MaxValue : 0;
        if (fits >= wanted)
            return wanted;
        return fits >= Math.Min(LeastContext, wanted) ? (int)fits / 1024 * 1024 : throw TooBig(model, perToken, machine);
    }

    // As many as take no more than a quarter of what is left beside the weights.
    private static int SlotsFor(int context, long? perToken, long? memory) =>
        perToken is { } each && each > 0 && memory is { } left ? (int)Math.Clamp(left / 4 / (each * Math.Max(1, context)), 1, MostSlots) : UnknownSlots;

    // A quarter of what is left.
    private static int PromptCache(long left) => (int)Math.Clamp(left / 4 / Mebibyte, 0, MostCacheMib);

    private static List<string> Flags(EngineAbilities engine, WantedModel model, EngineSettings settings, MachineProfile machine, int context, int slots, string cache, int prompts)
    {
        var flags = new List<string> { "--model", model.File };
        Add("--alias", model.Name);
        Add("--ctx-size", Whole(context * slots));
        Add("--parallel", Whole(slots));
        // Every slot has its own part, so that no answer can be starved by the others.
        Switch("--no-kv-unified");
        Add("--threads", Whole(settings.Threads > 0 ? settings.Threads : machine.EngineThreads));
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

        void Layers()
        {
            var layers = settings.GpuLayers.Length > 0 ? settings.GpuLayers : engine.HasGpu == true ? "all" : "";
            // Before it had a word for all of them, a number beyond any model's did.
            if (layers.Length > 0 && engine.Knows("--gpu-layers"))
                Add("--gpu-layers", layers != "all" || Explains("--gpu-layers", "all") ? layers : "999");
        }

        void Attention()
        {
            var attention = settings.FlashAttention.Length > 0 ? settings.FlashAttention : IsQuantizedType(cache) ? "on" : "";
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

    private static BackendException TooBig(WantedModel model, long? perToken, MachineProfile machine)
    {
        var cache = perToken is { } each ? $" and {Size(each * LeastContext)} for a context of {LeastContext:N0}" : "";
        var free = machine.AvailableMemory >= machine.TotalMemory ? $"the machine has {Size(machine.TotalMemory ?? 0)}" : machine.AvailableMemory is { } available ? $"{Size(available)} of the machine's {Size(machine.TotalMemory ?? available)} are free" : $"about {Size(machine.MemoryForModels ?? 0)} of the machine's {Size(machine.TotalMemory ?? 0)} can be used";
        return new BackendException(BackendFailure.Refused, $"{model.Name} does not fit into the memory by our estimate: it needs {Size(model.SizeBytes ?? 0)} for its weights{cache}, and {free}. Choose a smaller model or quantization with set_model, or end other programs; engine.check_memory = false in settings.json loads it all the same.");
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
