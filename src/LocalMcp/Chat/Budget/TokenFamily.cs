using LocalMcp.Models;

namespace LocalMcp.Chat.Budget;

/// <summary>
/// Tokenizers that make about as many tokens of a text: how many one of each <see cref="TextTrait">trait</see> costs on average, and how far off the sum
/// of all may be. The weights are fitted to what real tokenizers counted (docs/budget.md has the texts, the method and the errors).
/// </summary>
internal sealed class TokenFamily
{
    /// <summary>Qwen 1 to 3, and what is distilled into them: byte pairs, a token for each digit.</summary>
    public static readonly TokenFamily Qwen = new("Qwen", Known, [
        0.66, 1.4, 0.7, 1.11, 2.08, 3.05, 0.28, 0.48, 0.21, 0.29, 0.64, 0.75, 0.71, 0.88, 0.61, 0.13, 1.54, 0.03, 0.57, 0.29,
        0.24, 0, 0, 0.42, 0.19, 0.31, 0.02, Blank, 1.6, 0.28, 0.6, 0.6, 0.98, .. Others]);

    /// <summary>Llama 3, and OpenAI's cl100k and o200k, which gpt-oss and Phi 4 have: byte pairs, a token for three digits.</summary>
    public static readonly TokenFamily Llama3 = new("Llama 3", Known, [
        0.84, 1.34, 0.73, 1.07, 2.07, 3.03, 0.3, 0.49, 0.22, 0.39, 0.74, 0.08, 0.68, 0.59, 0.59, 0.15, 1.54, 0.04, 0.72, 0.27,
        0.26, 0, 0, 0.47, 0.21, 0.3, 0.02, Blank, 1.56, 0.27, 0.78, 0.72, 1, .. Others]);

    /// <summary>DeepSeek since its LLM of 2023: byte pairs.</summary>
    public static readonly TokenFamily DeepSeek = new("DeepSeek", Known, [
        0.89, 1.29, 0.82, 1.24, 1.95, 3.07, 0.32, 0.5, 0.27, 0.2, 0.56, 0.66, 0.72, 0.9, 1.16, 0.01, 1.54, 0.05, 0.68, 0.34,
        0.52, 0.02, 0, 0.37, 0.33, 0.37, 0.01, Blank, 1.67, 0.38, 0.59, 1.39, 1.01, .. Others]);

    /// <summary>SentencePiece with about 32,000 entries: Llama 1 and 2, CodeLlama, Mistral and Mixtral before their byte pairs, Phi 3.</summary>
    public static readonly TokenFamily SentencePiece = new("SentencePiece 32k", Known, [
        0.87, 1.35, 0.87, 1.38, 1.9, 3.04, 0.29, 0.49, 0.36, 0.2, 0.59, 0.63, 0.79, 0.9, 1.11, 0.09, 1.53, 0.13, 0.71, 0.32,
        0.47, 0.01, 0, 0.49, 0.39, 0.48, 0.41, Blank, 1.58, 0.35, 1.16, 1.06, 1.04, .. Others]);

    /// <summary>Anything else, Gemma and Command R among them: the middle of all, with the widest margins.</summary>
    public static readonly TokenFamily Unknown = new("unknown", Wide, [
        0.86, 1.36, 0.78, 1.21, 2.01, 3.04, 0.3, 0.5, 0.26, 0.34, 0.69, 0.31, 0.72, 0.74, 0.77, 0.13, 1.54, 0.05, 0.77, 0.29,
        0.34, 0, 0, 0.45, 0.26, 0.35, 0.05, Blank, 1.59, 0.29, 0.71, 0.8, 1, .. Others]);

    // A run of hundreds of blanks is anything from one token to hundreds.
    private const double Blank = 0.1;

    // With so few entries there is little beyond the bytes. Real ones have 32,000 and more; scripted models for tests have some hundreds.
    private const int FewEntries = 1_000;

    // Ends and beginnings of lines and files are a token more or less.
    private const int Slack = 16;

    private readonly double[] weights;
    private readonly Func<TextTrait, (double Low, double High)> margins;

    private TokenFamily(string name, Func<TextTrait, (double Low, double High)> margins, double[] weights)
    {
        (Name, this.margins, this.weights) = (name, margins, weights.Length == TextTally.Traits ? weights : throw new ArgumentException("One weight for each trait.", nameof(weights)));
    }

    // Control characters, then characters of two, three and four bytes of scripts that were not measured.
    private static double[] Others => [1, 1.2, 1.5, 2.5];

    public string Name { get; }

    public static IReadOnlyList<TokenFamily> All { get; } = [Qwen, Llama3, DeepSeek, SentencePiece, Unknown];

    /// <summary>The family of a model's tokenizer, as far as its shape or else its name gives it away; null for one of hardly more entries than bytes.</summary>
    public static TokenFamily? Of(ModelFacts model)
    {
        var (architecture, tokenizer, entries) = (model.Shape?.Architecture ?? "", model.Shape?.Tokenizer, model.Shape?.Vocabulary);
        if (entries < FewEntries)
            return null;
        return (tokenizer, architecture) switch
        {
            ("llama", "llama" or "phi3" or "mistral3") => entries is null or (>= 31_000 and <= 33_500) ? SentencePiece : Unknown,
            (not null and not "gpt2", _) => Unknown,
            // The newest generation has another vocabulary.
            (_, "qwen35" or "qwen35moe" or "qwen3next") => Unknown,
            (_, var qwen) when qwen.StartsWith("qwen", StringComparison.Ordinal) => Qwen,
            (_, "gpt-oss") => Llama3,
            (_, "deepseek2" or "deepseek3") => DeepSeek,
            ("gpt2", "llama") => entries switch { >= 128_000 and <= 128_600 => Llama3, >= 102_000 and <= 102_500 or >= 129_000 and <= 129_500 => DeepSeek, _ => Unknown },
            ("gpt2", "phi3") => Llama3,
            (null, _) => ByName(model.Name),
            _ => Unknown,
        };
    }

    /// <summary>Tokens of what was tallied, by this family.</summary>
    public TokenCount Count(TextTally tally)
    {
        var (low, expected, high) = (0.0, 0.0, 0.0);
        for (var trait = (TextTrait)0; (int)trait < TextTally.Traits; trait++)
        {
            var sum = tally[trait] * weights[(int)trait];
            var (least, most) = margins(trait);
            (low, expected, high) = (low + (sum * least), expected + sum, high + (sum * most));
        }
        var top = (int)Math.Min(tally.Bytes, Math.Min(high + Slack, int.MaxValue));
        return new TokenCount((int)Math.Clamp(low - Slack, 0, top), (int)Math.Min(expected, top), top);
    }

    private static TokenFamily ByName(string name) => name.ToLowerInvariant() switch
    {
        var n when n.Contains("qwen3.5", StringComparison.Ordinal) || n.Contains("qwen3-next", StringComparison.Ordinal) || n.Contains("qwen3.6", StringComparison.Ordinal) => Unknown,
        var n when n.Contains("qwen", StringComparison.Ordinal) || n.Contains("qwq", StringComparison.Ordinal) => Qwen,
        var n when n.Contains("llama-3", StringComparison.Ordinal) || n.Contains("llama3", StringComparison.Ordinal) || n.Contains("gpt-oss", StringComparison.Ordinal) => Llama3,
        var n when n.Contains("deepseek-v", StringComparison.Ordinal) || n.Contains("deepseek-coder-v2", StringComparison.Ordinal) => DeepSeek,
        _ => Unknown,
    };

    private static (double Low, double High) Known(TextTrait trait) => Special(trait) ?? trait switch
    {
        TextTrait.MixedBlob or TextTrait.HexBlob => (0.75, 1.35),
        TextTrait.Rules or TextTrait.RuleCharacters or TextTrait.AccentedLatin => (0.3, 3),
        TextTrait.Cyrillic or TextTrait.Ideographs or TextTrait.Kana or TextTrait.WideMarks => (0.6, 1.7),
        _ => (0.75, 1.3),
    };

    private static (double Low, double High) Wide(TextTrait trait) => Special(trait) ?? trait switch
    {
        TextTrait.MixedBlob or TextTrait.HexBlob => (0.5, 2),
        TextTrait.Rules or TextTrait.RuleCharacters => (0.2, 20),
        TextTrait.AccentedLatin => (0.3, 3),
        // As many as a character has bytes.
        TextTrait.Cyrillic => (0.4, 7),
        TextTrait.Ideographs or TextTrait.Kana or TextTrait.WideMarks => (0.4, 4.5),
        _ => (0.65, 1.6),
    };

    // From the fewest that can be to the bytes, whatever the family.
    private static (double Low, double High)? Special(TextTrait trait) => trait switch
    {
        TextTrait.LongRuns => (0.04, 1 / Blank),
        // Ordinary words hardly have any; what is all letters without being words has many.
        TextTrait.LettersBeyond => (0.2, 3),
        TextTrait.OtherOneByte => (0, 1),
        TextTrait.OtherTwoBytes => (0.25, 2 / 1.2),
        TextTrait.OtherThreeBytes => (0.2, 2),
        TextTrait.OtherFourBytes => (0.2, 1.6),
        _ => null,
    };
}
