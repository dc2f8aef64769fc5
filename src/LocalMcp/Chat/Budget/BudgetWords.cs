using System.Globalization;
using LocalMcp.Workspace;

namespace LocalMcp.Chat.Budget;

/// <summary>
/// What a prompt is told that does not fit: both numbers, the largest files, and what to cut so that it fits. Pure.
/// </summary>
/// <param name="estimate">Of a text by itself.</param>
internal sealed class BudgetWords(ChatRequest request, Overflow overflow, TokenCount guess, Func<string, TokenCount> estimate)
{
    private const int MostFilesNamed = 3;

    // Who asks for no certain length gets at least this much room, where the context is no smaller than four times that.
    private const int RoomForAnswer = 1_024;

    // Of a quoted file: the one with its name, and the two of its fence.
    private const int LinesAround = 3;

    private readonly TokenCount prompt = overflow.Prompt ?? guess;

    /// <summary>Tokens of context with which the prompt and its answer would fit, in steps of 1,024.</summary>
    public int Wanted => (int)Math.Min(((long)prompt.High + Answer(int.MaxValue) + 1_023) / 1_024 * 1_024, int.MaxValue);

    /// <param name="raise">The advice about a larger context, as a sentence; empty where there is none.</param>
    public string Sentences(string by, string raise)
    {
        var context = overflow.Context is { } tokens ? $"with a context of {TokenCount.Number(tokens)}" : "with a smaller context";
        var files = Files();
        string[] sentences =
        [
            $"The prompt has {prompt} tokens, and this model is served {context} by {by}.",
            files.Count == 0 ? "" : $"Largest: {string.Join(", ", files.Take(MostFilesNamed).Select(file => $"{file.File.Name} {TokenCount.Number(file.Tokens)}"))}.",
            Cut(files),
            raise,
        ];
        return string.Join(' ', sentences.Where(sentence => sentence.Length > 0));
    }

    // Each file's share of the whole count, by its share of the estimate, largest first.
    private List<(QuotedFile File, int Tokens)> Files()
    {
        var scale = guess.Expected > 0 ? (double)prompt.Expected / guess.Expected : 1;
        return [.. request.Files.Files
            .Select(file => (file, (int)Math.Min(estimate(file.Text).Expected * scale, prompt.Expected)))
            .Select(file => (file.file, prompt.IsExact ? file.Item2 : TokenCount.Rounded(file.Item2)))
            .OrderByDescending(file => file.Item2)];
    }

    private string Cut(List<(QuotedFile File, int Tokens)> files)
    {
        if (overflow.Context is not { } context)
            return files.Count > 0 ? "Send fewer files, or line ranges of them." : "Send less.";
        // An estimate is cut for its worst case, said in the tokens that it is likely to have: the same as those of its files.
        var surplus = (int)Math.Ceiling((prompt.High - (context - Answer(context))) * (double)prompt.Expected / Math.Max(1, prompt.High));
        if (files.Count == 0)
            return string.Create(CultureInfo.InvariantCulture, $"Make it shorter by about {TokenCount.Rounded(surplus):N0} tokens.");
        return LeaveOut(files, surplus) is { } names
            ? $"It fits without {names}{Lines(files[0], surplus)}."
            : $"Not even leaving out all files would be enough{Lines(files[0], surplus)}: make the rest shorter too.";
    }

    // The one file that is just large enough, else the largest ones together.
    private static string? LeaveOut(List<(QuotedFile File, int Tokens)> files, int surplus)
    {
        if (files.FindLast(file => file.Tokens >= surplus).File is { } one)
            return one.Name;
        var names = new List<string>();
        foreach (var (file, tokens) in files)
        {
            names.Add(file.Name);
            surplus -= tokens;
            if (surplus <= 0)
                return names.Count < files.Count ? string.Join(", ", names) : files.Count == 1 ? names[0] : "any of its files";
        }
        return null;
    }

    private static string Lines((QuotedFile File, int Tokens) largest, int surplus)
    {
        var lines = Math.Max(0, largest.File.Text.AsSpan().Count('\n') + 1 - LinesAround);
        var kept = largest.Tokens > 0 ? (long)lines * (largest.Tokens - surplus) / largest.Tokens : 0;
        return kept >= 1 ? string.Create(CultureInfo.InvariantCulture, $", or with no more than {TokenCount.Rounded(kept):N0} of the {lines:N0} lines of {largest.File.Name}") : "";
    }

    private int Answer(int context) => Math.Min(request.MaxTokens > 0 ? request.MaxTokens : RoomForAnswer, Math.Max(1, context / 4));
}
