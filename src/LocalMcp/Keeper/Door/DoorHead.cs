using System.Buffers;
using System.Globalization;
using System.Text;

namespace LocalMcp.Keeper.Door;

/// <summary>
/// The head of a request to a door: first line and header fields (RFC 9112). It is read more strictly than the standard asks for: what two readers could
/// understand in two ways is refused, for it would be another request to the engine than to us.
/// </summary>
/// <param name="Path">As it was sent, without the query.</param>
/// <param name="Query">With its question mark; empty where there is none.</param>
/// <param name="Fields">Names in lower case, in their order; values without blanks around them.</param>
internal sealed record DoorHead(string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>Bytes of a head, its empty line included.</summary>
    public const int Longest = 64 * 1024;

    private const int MostFields = 100;
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Each of these decides something, so there may be one.
    private static readonly string[] Single = ["host", "content-length", "transfer-encoding", "expect", "authorization", "x-api-key", "content-type"];

    /// <summary>Bytes of the body, where the head says so.</summary>
    public long? ContentLength { get; private init; }

    /// <summary>Whether the body comes in chunks, which say their length themselves.</summary>
    public bool IsChunked { get; private init; }

    /// <summary>The value of a field that may come once; null without it.</summary>
    public string? this[string name] => Fields.FirstOrDefault(field => field.Name == name).Value;

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">Up to and with the empty line.</param>
    /// <exception cref="DoorRefusal">It is none, or could be read in two ways.</exception>
    public static DoorHead Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        if (lines is not [var first, .. var fields, "", ""])
            throw DoorRefusal.Bad("it has no end");
        if (Array.Exists(lines, line => line.AsSpan().ContainsAny('\r', '\n', '\0')))
            throw DoorRefusal.Bad("a line has a line's end or a zero in it");
        if (fields.Length > MostFields)
            throw DoorRefusal.Bad($"it has more than {MostFields} header fields");
        var (method, target) = FirstLine(first);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return Framed(new DoorHead(method, question < 0 ? target : target[..question], question < 0 ? "" : target[question..], [.. fields.Select(Field)]));
    }

    private static (string Method, string Target) FirstLine(string line)
    {
        if (line.Split(' ') is not [var method, var target, "HTTP/1.1"] || !IsToken(method))
            throw DoorRefusal.Bad("its first line is not METHOD /path HTTP/1.1");
        if (!target.StartsWith('/') || target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#', StringComparison.Ordinal))
            throw DoorRefusal.Bad("its target is not a path");
        return (method, target);
    }

    private static (string Name, string Value) Field(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        // A line that begins with a blank goes on with the one above, by an old rule that not everybody knows.
        if (colon < 1 || !IsToken(line[..colon]))
            throw DoorRefusal.Bad("a header field has no proper name");
        var value = line[(colon + 1)..].Trim(' ', '\t');
        if (value.Any(c => (c < ' ' && c != '\t') || c == '\u007f'))
            throw DoorRefusal.Bad("a header field has a control character in it");
        return (line[..colon].ToLowerInvariant(), value);
    }

    // Where the body ends.
    private static DoorHead Framed(DoorHead head)
    {
        if (Array.Find(Single, name => head.Fields.Count(field => field.Name == name) > 1) is { } twice)
            throw DoorRefusal.Bad($"it says {twice} more than once");
        var (length, encoding) = (head["content-length"], head["transfer-encoding"]);
        if (length is not null && encoding is not null)
            throw DoorRefusal.Bad("it says content-length and transfer-encoding");
        if (encoding is not null)
            return encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? head with { IsChunked = true } : throw DoorRefusal.Bad("its transfer-encoding is not chunked");
        if (length is null)
            return head;
        return length.Length <= 18 && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? head with { ContentLength = bytes }
            : throw DoorRefusal.Bad("its content-length is not one number");
    }

    private static bool IsToken(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(TokenCharacters);
}
