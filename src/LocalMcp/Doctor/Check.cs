using System.Text.Json.Serialization;

namespace LocalMcp.Doctor;

[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    [JsonStringEnumMemberName("good")]
    Good,

    /// <summary>Worth knowing; nothing is broken.</summary>
    [JsonStringEnumMemberName("note")]
    Note,

    [JsonStringEnumMemberName("bad")]
    Bad,
}

/// <summary>What came of one check.</summary>
/// <param name="Title">What was looked at, in a few words.</param>
/// <param name="Finding">What is there: one line, without a period at its end.</param>
/// <param name="NextStep">What to do about it, as a sentence; null when nothing is to be done.</param>
internal sealed record Check(string Title, Verdict Verdict, string Finding, string? NextStep)
{
    public static Check Good(string title, string finding) => new(title, Verdict.Good, finding, null);

    public static Check Note(string title, string finding, string? nextStep = null) => new(title, Verdict.Note, finding, nextStep);

    public static Check Bad(string title, string finding, string? nextStep = null) => new(title, Verdict.Bad, finding, nextStep);

    /// <summary>A result from one of our sentences, whose last one says what to do.</summary>
    public static Check Of(string title, Verdict verdict, string message)
    {
        var end = message.LastIndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? new(title, verdict, message.TrimEnd('.'), null) : new(title, verdict, message[..end], message[(end + 2)..]);
    }

    /// <summary>The same with all that would break its line turned into spaces: names and errors of others come as they are.</summary>
    public Check InOneLine() => this with { Title = Line(Title), Finding = Line(Finding), NextStep = NextStep is null ? null : Line(NextStep) };

    private static string Line(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Any(char.IsControl) ? string.Concat(word.Where(c => !char.IsControl(c))) : word));
}
