using System.Text;
using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>A text for each JSON value, the same for equal ones: the order of properties and the spelling of numbers do not matter.</summary>
internal static class CanonicalJson
{
    public static string Of(JsonElement json)
    {
        var text = new StringBuilder();
        Write(text, json);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in json.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    WriteText(text, property.Name);
                    Write(text.Append(':'), property.Value);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in json.EnumerateArray())
                    Write(text, item);
                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteText(text, json.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(ExactNumber.Parse(json.GetRawText())?.ToString() ?? json.GetRawText()).Append(',');
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    // With its length, so that no text can look like another value.
    private static void WriteText(StringBuilder text, string value) => text.Append('"').Append(value.Length).Append(':').Append(value);
}
