using System.Collections.Concurrent;

namespace LocalMcp.Chat.Budget;

/// <summary>The beginnings of prompts that this process has sent: what a server may have in its cache.</summary>
internal static class SeenPrompts
{
    // Beginnings that are equal for this many characters make a cache worth keeping.
    private const int Beginning = 64;
    private const int MostKept = 4_096;

    private static readonly ConcurrentDictionary<(string Model, string Beginning), bool> Seen = new();

    /// <summary>Whether a prompt that begins so has gone to this model before; from now on it has.</summary>
    /// <param name="model">The backend's address and the model.</param>
    public static bool Add(string model, IReadOnlyList<ChatMessage> messages)
    {
        if (Seen.Count >= MostKept)
            Seen.Clear();
        var first = messages[0].Content;
        return !Seen.TryAdd((model, first[..Math.Min(first.Length, Beginning)]), true);
    }
}
