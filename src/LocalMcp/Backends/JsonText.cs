using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LocalMcp.Backends;

/// <summary>The text of a JSON string as a server sent it, also with half a surrogate pair: a server that cuts a text anywhere sends the other half next.</summary>
internal static class JsonText
{
    /// <summary>The text; null for what is no string.</summary>
    public static string? Of(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.String } text)
            return null;
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescaped(text.GetRawText().AsSpan(1..^1));
        }
    }

    private static string Unescaped(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
                text.Append(raw[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var plain => plain });
        }
        return text.ToString();
    }
}
