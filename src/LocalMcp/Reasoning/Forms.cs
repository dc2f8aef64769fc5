namespace LocalMcp.Reasoning;

/// <summary>
/// The forms that are known, as data: who writes them, and where that is written down. "vLLM", "SGLang", "llama.cpp" and "Ollama" name the
/// parsers of these projects (vllm/reasoning, python/sglang/srt/parser, common and tests, thinking and model/parsers), read in 2026-11.
/// Prose that has no markers is in <see cref="Monologue"/>.
/// </summary>
internal static class Forms
{
    /// <summary>gpt-oss: its format is in openai/harmony, docs/format.md.</summary>
    public static readonly Form Harmony = new("harmony", token: true);

    // Tags are read in any letter case, with spaces and attributes.
    private static readonly (string Name, string Source)[] ReasoningTags =
    [
        ("longcat_think", "LongCat: mlx-lm, tokenizer_utils.py"),
        ("mm:think", "MiniMax-M3: SGLang, MiniMaxM3Detector"),
        ("reasoning", "models that were prompted or tuned for it; LLaVA-CoT; Ollama, thinking/template.go infers the tag from any template"),
        ("reflection", "Reflection-70B, system prompt of its model card"),
        ("scratchpad", "prompted models"),
        ("seed:cot_budget_reflect", "Seed-OSS with a thinking budget: its chat template opens it in the prompt"),
        ("seed:think", "Seed-OSS: llama.cpp, models/templates/ByteDance-Seed-OSS.jinja; vLLM, seedoss"),
        ("think", "DeepSeek-R1, Qwen3, GLM-4.5, MiniMax-M1 and M2, Kimi K2, Nemotron, Hunyuan, ERNIE, OLMo 3, Phi-4, LFM2, Granite 3.3: vLLM, SGLang, llama.cpp, Ollama"),
        ("think_fast", "K2, older checkpoints: SGLang, k2_v3"),
        ("think_faster", "K2, older checkpoints: SGLang, k2_v3"),
        ("thinking", "Reflection-70B; MiniMax-M2.5 through its own API; prompted models"),
        ("thought", "EXAONE Deep; Gemma 4 through an API; Marco-o1"),
        ("thoughts", "prompted models"),
    ];

    // What some of these models wrap their answer in, right behind the reasoning.
    private static readonly (string Name, string Source)[] AnswerTags =
    [
        ("answer", "Hunyuan-A13B: vLLM, hunyuan_a13b; R1-style training prompts"),
        ("output", "Reflection-70B, Marco-o1"),
        ("response", "ERNIE-4.5: vLLM, ernie45; Granite 3.3, system prompt of its template"),
    ];

    // Tokens are read as they stand.
    private static readonly (string Form, string Text, MarkerRole Role, string Source)[] Tokens =
    [
        ("mistral", "[THINK]", MarkerRole.Opening, "Magistral, Ministral 3 Reasoning: vLLM, mistral; Ollama, ministral.go"),
        ("mistral", "[/THINK]", MarkerRole.Closing, ""),
        ("kimi", "◁think▷", MarkerRole.Opening, "Kimi-VL Thinking: SGLang, KimiDetector"),
        ("kimi", "◁/think▷", MarkerRole.Closing, ""),
        ("kimi k3", "<|open|>think<|sep|>", MarkerRole.Opening, "SGLang, KimiK3Detector"),
        ("kimi k3", "<|close|>think<|sep|>", MarkerRole.Closing, ""),
        ("kimi k3", "<|open|>response<|sep|>", MarkerRole.AnswerOpening, ""),
        ("kimi k3", "<|close|>response<|sep|>", MarkerRole.AnswerClosing, ""),
        ("cohere", "<|START_THINKING|>", MarkerRole.Opening, "Command R7B, Command A Reasoning: Ollama, cohere.go; vLLM, cohere_command; llama.cpp"),
        ("cohere", "<|END_THINKING|>", MarkerRole.Closing, ""),
        ("cohere", "<|START_RESPONSE|>", MarkerRole.AnswerOpening, ""),
        ("cohere", "<|END_RESPONSE|>", MarkerRole.AnswerClosing, ""),
        ("cohere", "<|START_TEXT|>", MarkerRole.AnswerOpening, ""),
        ("cohere", "<|END_TEXT|>", MarkerRole.AnswerClosing, ""),
        ("k2", "<ifm|think>", MarkerRole.Opening, "K2 Horizon: vLLM, k2_horizon; one pair of markers for each effort"),
        ("k2", "</ifm|think>", MarkerRole.Closing, ""),
        ("k2 fast", "<ifm|think_fast>", MarkerRole.Opening, ""),
        ("k2 fast", "</ifm|think_fast>", MarkerRole.Closing, ""),
        ("k2 faster", "<ifm|think_faster>", MarkerRole.Opening, ""),
        ("k2 faster", "</ifm|think_faster>", MarkerRole.Closing, ""),
        ("solar", "<|think:start|>", MarkerRole.Opening, "Solar Open 2: vLLM, solar_open2"),
        ("solar", "<|think:end|>", MarkerRole.Closing, ""),
        ("openthinker", "<|begin_of_thought|>", MarkerRole.Opening, "OpenThinker, Sky-T1: system prompt of their model cards"),
        ("openthinker", "<|end_of_thought|>", MarkerRole.Closing, ""),
        ("openthinker", "<|begin_of_solution|>", MarkerRole.AnswerOpening, ""),
        ("openthinker", "<|end_of_solution|>", MarkerRole.AnswerClosing, ""),
        ("medgemma", "<unused94>", MarkerRole.Opening, "MedGemma: its model card. The first line is the name of the block"),
        ("medgemma", "<unused95>", MarkerRole.Closing, ""),
        ("plamo", "<|plamo:begin_think:plamo|>", MarkerRole.Opening, "PLaMo 3: vLLM, plamo3"),
        ("plamo", "<|plamo:end_think:plamo|>", MarkerRole.Closing, ""),
        ("pangu", "[unused16]", MarkerRole.Opening, "openPangu: vLLM, pangu"),
        ("pangu", "[unused17]", MarkerRole.Closing, ""),
        ("inkling", "<|content_thinking|>", MarkerRole.Opening, "Inkling: SGLang, InklingDetector"),
        ("inkling", "<|end_message|>", MarkerRole.Closing, ""),
        ("inkling", "<|content_text|>", MarkerRole.AnswerOpening, ""),
        ("inkling", "<|message_model|>", MarkerRole.AnswerOpening, ""),
        ("apertus", "<|inner_prefix|>", MarkerRole.Opening, "Apertus: llama.cpp; SGLang, Apertus2509Detector"),
        ("apertus", "<|inner_suffix|>", MarkerRole.Closing, ""),
        ("apriel", "[BEGIN FINAL RESPONSE]", MarkerRole.Closing, "Apriel 1.6 Thinker: llama.cpp; its reasoning begins in the prompt"),
        ("apriel", "[END FINAL RESPONSE]", MarkerRole.AnswerClosing, ""),
        ("gemma", "<|channel>", MarkerRole.Opening, "Gemma 4: llama.cpp, models/templates; vLLM, gemma4. The channel's name stands on its first line"),
        ("gemma", "<channel|>", MarkerRole.Closing, ""),
        ("glm", "<|begin_of_box|>", MarkerRole.AnswerOpening, "GLM-4.1V, GLM-4.5V: vLLM, glm45"),
        ("glm", "<|end_of_box|>", MarkerRole.AnswerClosing, ""),
        ("harmony", "<|start|>", MarkerRole.Header, "gpt-oss: openai/harmony, docs/format.md"),
        ("harmony", "<|channel|>", MarkerRole.Header, ""),
        ("harmony", "<|message|>", MarkerRole.Message, ""),
        ("harmony", "<|end|>", MarkerRole.Over, ""),
        ("harmony", "<|return|>", MarkerRole.Over, ""),
        ("harmony", "<|call|>", MarkerRole.Over, ""),
    ];

    /// <summary>Tags that are words, and so elements that a question may ask for.</summary>
    public static readonly HashSet<string> Everyday = ["reasoning", "reflection", "thought", "thoughts", "scratchpad"];

    /// <summary>Forms whose answer has a marker of its own behind reasoning that nothing opened: SGLang, cohere_command4.</summary>
    public static readonly HashSet<string> EndAtAnswer = ["cohere", "openthinker"];

    /// <summary>Tokens that end a turn. A server that does not know its model's leaves them at the end of the answer.</summary>
    public static readonly string[] EndsOfTurn =
    [
        "<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|end_of_text|>", "</s>", "<turn|>", "<end_of_turn>", "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>", "<|close|>message<|sep|>", "<|content_model_end_sampling|>", "<|return|>", "<|end|>",
    ];

    /// <summary>The names of all tags, sorted by code unit.</summary>
    public static readonly string[] TagNames = Sorted(ReasoningTags.Concat(AnswerTags).Select(t => t.Name));

    /// <summary>The texts of all tokens, sorted by code unit.</summary>
    public static readonly string[] TokenTexts = Sorted(Tokens.Select(t => t.Text));

    private static readonly Dictionary<string, (Marker Opening, Marker Closing, Marker Empty)> TagMarkers = ReasoningTags.Select(t => (t.Name, Opens: MarkerRole.Opening, Closes: MarkerRole.Closing))
        .Concat(AnswerTags.Select(t => (t.Name, Opens: MarkerRole.AnswerOpening, Closes: MarkerRole.AnswerClosing)))
        .ToDictionary(t => t.Name, t => MarkersOf(new Form(t.Name, token: false), t.Opens, t.Closes));

    private static readonly Dictionary<string, Marker> TokenMarkers = TokensByText();

    // The plain spellings, which are nearly all that there are: up to the first closing angle bracket.
    private const int LongestSpelling = 32;

    private static readonly Dictionary<string, (Marker Marker, string Raw)>.AlternateLookup<ReadOnlySpan<char>> Spellings = TagMarkers
        .SelectMany(t => new[] { (Raw: $"<{t.Key}>", Marker: t.Value.Opening), (Raw: $"</{t.Key}>", Marker: t.Value.Closing) })
        .Concat(TokenMarkers.Where(t => t.Key.IndexOf('>', StringComparison.Ordinal) == t.Key.Length - 1).Select(t => (Raw: t.Key, Marker: t.Value)))
        .ToDictionary(s => s.Raw, s => (s.Marker, s.Raw)).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The marker with which the text begins, where it is there whole and in its plain spelling; null says nothing.</summary>
    public static (Marker Marker, string Raw)? Spelled(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, LongestSpelling)].IndexOf('>');
        return end > 0 && Spellings.TryGetValue(text[..(end + 1)], out var spelled) ? spelled : null;
    }

    /// <summary>The marker that a tag with this name is.</summary>
    public static Marker Tag(string name, bool closing, bool empty)
    {
        var markers = TagMarkers[name];
        return empty ? markers.Empty : closing ? markers.Closing : markers.Opening;
    }

    /// <summary>The marker that this token is.</summary>
    public static Marker Token(string text) => TokenMarkers[text];

    /// <summary>What a text that speaks of this form contains.</summary>
    public static IEnumerable<string> Traces(Form form) =>
        form.Token ? Tokens.Where(t => t.Form == form.Name).Select(t => t.Text) : [$"<{form.Name}", $"</{form.Name}", $"{form.Name} tag", $"{form.Name}-tag", $"{form.Name}> tag"];

    private static (Marker, Marker, Marker) MarkersOf(Form form, MarkerRole opens, MarkerRole closes) => (new Marker(form, opens), new Marker(form, closes), new Marker(form, MarkerRole.Empty));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Marker> TokensByText()
    {
        var forms = Tokens.Select(t => t.Form).Distinct().ToDictionary(name => name, name => name == Harmony.Name ? Harmony : new Form(name, token: true));
        return Tokens.ToDictionary(t => t.Text, t => new Marker(forms[t.Form], t.Role));
    }
}
