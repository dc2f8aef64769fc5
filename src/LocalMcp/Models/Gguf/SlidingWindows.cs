namespace LocalMcp.Models.Gguf;

/// <summary>
/// Which layers look back only so far. After the files of llama.cpp's src/models: what they do with <c>attention.sliding_window</c> and
/// <c>attention.sliding_window_pattern</c>, and what they take where the file does not say.
/// </summary>
/// <param name="Window">Tokens that such a layer looks back; 0 where there is none.</param>
/// <param name="Layers">Which layers are such.</param>
internal sealed record SlidingWindows(int Window, IReadOnlyList<bool> Layers)
{
    // Every so many layers one has no window: the last of them, or the first.
    private sealed record Habit(int Period, bool FirstIsFull = false)
    {
        /// <summary>The window where the file names none; null where then there is none, or the file cannot be loaded.</summary>
        public int? Usual { get; init; }

        /// <summary>The window, whatever the file names.</summary>
        public int? Always { get; init; }

        /// <summary>Whether the file has to say which layers.</summary>
        public bool Told { get; init; }
    }

    private static readonly Dictionary<string, Habit> Habits = new()
    {
        ["gemma2"] = new(2) { Usual = 4096 },
        ["gemma3"] = new(6),
        ["gemma3n"] = new(5),
        ["gemma4"] = new(0) { Told = true },
        ["gpt-oss"] = new(2),
        ["cohere2"] = new(4),
        ["exaone4"] = new(4) { Usual = 4096 },
        ["exaone-moe"] = new(4) { Usual = 128 },
        ["llama4"] = new(4) { Usual = 8192, Always = 8192 },
        ["afmoe"] = new(4),
        ["olmo2"] = new(4),
        ["plamo3"] = new(8),
        ["smallthinker"] = new(4, FirstIsFull: true) { Always = 4096 },
        ["mimo2"] = new(0) { Told = true },
        ["step35"] = new(0) { Told = true },
        ["lfm2"] = new(0),
    };

    /// <summary>Null where it cannot be said.</summary>
    public static SlidingWindows? Of(ModelPlan plan)
    {
        if (plan.Layers is not { } layers)
            return null;
        var told = plan.Has("attention.sliding_window") ? plan.Number("attention.sliding_window") ?? -1 : (int?)null;
        if (!Habits.TryGetValue(plan.Architecture, out var habit))
            return Architectures.IsKnown(plan.Architecture) || told is 0 or null ? new SlidingWindows(0, new bool[layers]) : Foreign(plan, told.Value);
        // EXAONE 4 has windows only in the large model: src/models/exaone4.cpp.
        if (told == 0 || (told is null && habit.Usual is null && !Needs(plan)) || (plan.Architecture == "exaone4" && plan.Blocks != 64))
            return new SlidingWindows(0, new bool[layers]);
        var window = habit.Always ?? told ?? habit.Usual;
        return window > 0 && Pattern(plan, layers, habit) is { } pattern ? new SlidingWindows(window.Value, pattern) : null;
    }

    // Those that llama.cpp does not load without a window.
    private static bool Needs(ModelPlan plan) => plan.Architecture is "gemma3n" or "gemma4" or "gpt-oss" or "cohere2" or "mimo2" or "step35";

    // Of an architecture that is not known here, the file has to say everything.
    private static SlidingWindows? Foreign(ModelPlan plan, int window) =>
        window > 0 && plan.HasList("attention.sliding_window_pattern") && plan.PerLayer("attention.sliding_window_pattern") is { } list
            ? new SlidingWindows(window, [.. list.Select(flag => flag != 0)])
            : null;

    private static bool[]? Pattern(ModelPlan plan, int layers, Habit habit)
    {
        const string Key = "attention.sliding_window_pattern";
        if (plan.Architecture == "lfm2")
            return [.. Enumerable.Repeat(true, layers)];
        if (plan.HasList(Key) || (habit.Told && plan.Number(Key) is not null))
            return plan.PerLayer(Key)?.Select(flag => flag != 0).ToArray();
        if (habit.Told)
            return null;
        // A list that is there and not told, as in Ollama's answers, is that of the architecture: converters write no other.
        var period = plan.Number(Key) ?? habit.Period;
        return [.. Enumerable.Range(0, layers).Select(layer => period == 0 || (habit.FirstIsFull ? layer % period != 0 : layer % period < period - 1))];
    }
}
