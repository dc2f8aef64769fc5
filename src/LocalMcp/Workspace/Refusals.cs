using System.Globalization;

namespace LocalMcp.Workspace;

/// <summary>The references of one call that cannot be read, each with its reason. One of them is enough for nothing to be sent.</summary>
internal sealed class Refusals
{
    /// <summary>The most that one message lists: enough to see what went wrong, and no flood for a model to read.</summary>
    public const int MostListed = 20;

    private const int LongestReference = 200;

    private readonly List<(string Reference, string Line)> all = [];

    public bool Any => all.Count > 0;

    /// <summary>Adds a reference with its reason, a phrase that can follow its name. The same one is listed once.</summary>
    public void Add(string reference, string reason) => Put(reference, $"{Shown(reference)}: {reason}");

    /// <summary>Adds a reference with a sentence that names it.</summary>
    public void Add(string reference, LocalMcpException sentence) => Put(reference, sentence.Message);

    /// <summary>One message for all, in the order in which they were asked for.</summary>
    public LocalMcpException Error(IReadOnlyList<string> references)
    {
        var places = references.Distinct().Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var lines = all.OrderBy(refusal => places[refusal.Reference]).Select(refusal => $"- {refusal.Line}").ToList();
        var refused = all.Select(refusal => refusal.Reference).Distinct().Count();
        var title = references.Count == 1
            ? "Nothing was sent to the model: what it was to get cannot be read."
            : string.Create(CultureInfo.InvariantCulture, $"Nothing was sent to the model: of the {references.Count:N0} references to files, {refused:N0} cannot be read.");
        return new LocalMcpException($"{title}\n{string.Join('\n', Few(lines))}\n{(refused == 1 ? "Name another, or leave it out, and ask again." : "Name others, or leave these out, and ask again.")}");
    }

    /// <summary>The first ones of a list, and how many more there are.</summary>
    public static IReadOnlyList<string> Few(IReadOnlyList<string> lines) =>
        lines.Count <= MostListed ? lines : [.. lines.Take(MostListed), string.Create(CultureInfo.InvariantCulture, $"and {lines.Count - MostListed:N0} more")];

    /// <summary>A reference as it stands in a message.</summary>
    public static string Shown(string reference) => ShownText.Of(reference.Length <= LongestReference ? reference : reference[..LongestReference] + "…");

    private void Put(string reference, string line)
    {
        if (!all.Contains((reference, line)))
            all.Add((reference, line));
    }
}
