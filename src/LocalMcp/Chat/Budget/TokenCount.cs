using System.Globalization;

namespace LocalMcp.Chat.Budget;

/// <summary>How many tokens a text is: counted by its model's tokenizer, or estimated. 0 ≤ <paramref name="Low"/> ≤ <paramref name="Expected"/> ≤ <paramref name="High"/>.</summary>
/// <param name="Low">It is not fewer.</param>
/// <param name="High">It is not more.</param>
internal readonly record struct TokenCount(int Low, int Expected, int High)
{
    public static TokenCount Exact(int tokens) => new(tokens, tokens, tokens);

    /// <summary>Whether a tokenizer has counted it.</summary>
    public bool IsExact => Low == High;

    /// <summary><c>10,019</c>, or <c>about 9,800</c> for an estimate, whose third digit says nothing.</summary>
    public override string ToString() => IsExact ? Number(Expected) : $"about {Number(Rounded(Expected))}";

    /// <summary>To two digits.</summary>
    public static int Rounded(double tokens)
    {
        var unit = tokens < 100 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(tokens)) - 1);
        return (int)(Math.Round(tokens / unit) * unit);
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
