using System.Globalization;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;

namespace LocalMcp.Tests.Chat.Budget;

/// <summary>What real tokenizers counted: the texts by their traits alone, since they are other people's (docs/budget.md), and texts of our own.</summary>
internal static class RecordedCounts
{
    /// <summary>The tokenizers by the family that they are of. Those of no family have to keep the bounds of the unknown one, as all others do.</summary>
    private static readonly Dictionary<string, TokenFamily> Families = new()
    {
        ["qwen2"] = TokenFamily.Qwen,
        ["cl100k"] = TokenFamily.Llama3,
        ["o200k"] = TokenFamily.Llama3,
        ["llama3"] = TokenFamily.Llama3,
        ["deepseek-llm"] = TokenFamily.DeepSeek,
        ["llama-spm"] = TokenFamily.SentencePiece,
        ["mistral-v3"] = TokenFamily.SentencePiece,
        ["phi-3"] = TokenFamily.SentencePiece,
    };

    // They count a token for each blank of an indentation. No chat model of today has them.
    private static readonly string[] Outdated = ["gpt-2", "baichuan"];

    internal sealed record Row(string Text, TextTally Tally, string Tokenizer, int Tokens)
    {
        public string Kind => Text.Contains('-') ? Text[..Text.LastIndexOf('-')] : Text;

        public override string ToString() => $"{Text} by {Tokenizer}, {Tokens} tokens";
    }

    public static IReadOnlyList<Row> OfOthers { get; } = [.. Lines("token-counts.csv").SelectMany(line => Rows(line, line["text"], Tally(line)))];

    public static IReadOnlyList<Row> OfOurs { get; } = [.. Lines("token-counts-of-texts.csv").SelectMany(line => Rows(line, line["text"], Tally(line["text"])))];

    /// <summary>Rows with the families whose bounds they have to keep.</summary>
    public static IEnumerable<(Row Row, TokenFamily Family)> WithFamilies(IEnumerable<Row> rows) =>
        rows.SelectMany(row => Families.TryGetValue(row.Tokenizer, out var family) ? new[] { (row, family), (row, TokenFamily.Unknown) } : [(row, TokenFamily.Unknown)]);

    private static IEnumerable<Row> Rows(Dictionary<string, string> line, string text, TextTally tally) =>
        line.Where(cell => cell.Key is not ("text" or "bytes") && !Enum.TryParse<TextTrait>(cell.Key, out _) && !Outdated.Contains(cell.Key))
            .Select(cell => new Row(text, tally, cell.Key, Number(cell.Value)));

    private static TextTally Tally(Dictionary<string, string> line) =>
        TextTally.Of(Number(line["bytes"]), [.. Enum.GetNames<TextTrait>().Select(trait => Number(line[trait]))]);

    private static TextTally Tally(string text)
    {
        var tally = new TextTally();
        tally.Add(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captured", "Texts", text + ".txt")));
        return tally;
    }

    private static IEnumerable<Dictionary<string, string>> Lines(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Captured", file));
        var names = lines[0].Split(',');
        return lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second));
    }

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}
