using System.Text.Json;

namespace LocalMcp.Backends;

/// <summary>Takes the key that was sent to a server out of what that server says: some put the header that they refuse into the error.</summary>
internal sealed class KeyRedaction(string key)
{
    /// <summary>What is shorter is no secret, and would be found in ordinary words.</summary>
    private const int Shortest = 4;

    // The key itself may hold what one of the spellings escapes: the longest comes first.
    private readonly string[] spellings = key.Length < Shortest ? [] : [.. Spellings(key).Distinct().OrderByDescending(spelling => spelling.Length)];

    /// <summary>The text with <c>[key]</c> in place of the key, as it is or as JSON and URLs spell it.</summary>
    public string Hide(string text) => spellings.Aggregate(text, (shown, spelling) => shown.Replace(spelling, "[key]", StringComparison.Ordinal));

    private static string[] Spellings(string key) =>
        [key, JsonEncodedText.Encode(key).Value, key.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), key.Replace("/", @"\/", StringComparison.Ordinal), Uri.EscapeDataString(key)];
}
