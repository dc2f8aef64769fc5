using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LocalMcp.Faults.Sessions;

namespace LocalMcp.Faults.Checks;

/// <summary>What calls said of the files that they wrote.</summary>
internal sealed class Written
{
    private readonly ConcurrentBag<string> texts = [];
    private readonly ConcurrentBag<string> unheard = [];

    /// <summary>Remembers the end of a call. Where nobody heard it, its file may be there or not.</summary>
    public void Heard(CallPlan plan, Ending ending)
    {
        if (plan.Tool != "chat_to_file")
            return;
        if (ending.How is EndingKind.Cancelled or EndingKind.Gone)
            unheard.Add((string?)JsonNode.Parse(plan.Arguments)!["path"] ?? "");
        else
            texts.Add(ending.Text);
    }

    /// <summary>Whether a file of the project may be there.</summary>
    /// <param name="path">Relative to the project.</param>
    public bool Knows(string path) =>
        texts.Any(text => text.Contains(path, StringComparison.Ordinal)) || unheard.Any(of => path == of || (path.StartsWith(of, StringComparison.Ordinal) && path.EndsWith(".partial", StringComparison.Ordinal)));
}
