using System.Text;
using System.Text.Json;
using LocalMcp.Workspace;

namespace LocalMcp.Schema;

/// <summary>JSON as RFC 8259 has it: no comments, no trailing commas, no NaN; and no name twice in an object, no half of a surrogate pair, 64 levels at most.</summary>
internal static class StrictJson
{
    public const int MostLevels = 64;

    private const int LongestWords = 200;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MostLevels };

    /// <summary>Reads one value. What is wrong with the text is a part of a sentence, with the line and what is near.</summary>
    public static bool TryParse(string text, out JsonElement json, out string trouble)
    {
        (json, trouble) = (default, "");
        if (text.Length == 0)
        {
            trouble = "it is empty";
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), Options);
            json = document.RootElement.Clone();
            ReadAll(json);
            return true;
        }
        catch (JsonException broken)
        {
            trouble = Words(broken, text);
        }
        catch (InvalidOperationException)
        {
            trouble = "a text in it has half of a surrogate pair, escaped as \\ud800 to \\udfff";
        }
        return false;
    }

    // Names and texts are decoded when somebody asks for them: whoever comes later need not expect a failure.
    private static void ReadAll(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
            json.GetString();
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
                ReadAll(item);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                _ = property.Name;
                ReadAll(property.Value);
            }
        }
    }

    // The reader's own sentence ends with its position, counted from zero and in bytes.
    private static string Words(JsonException broken, string text)
    {
        var said = broken.Message;
        var end = said.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var words = (end < 0 ? said : said[..end]).TrimEnd('.', ' ');
        // It quotes a wrong word whole, however long.
        if (words.Length > LongestWords)
            words = $"{JsonWords.Short(words)} {words[^(LongestWords / 2)..]}";
        return broken is { LineNumber: { } line, BytePositionInLine: { } position } ? $"{words}; line {line + 1}{Near(text, line, position)}" : words;
    }

    private static string Near(string text, long line, long position)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Split('\n').ElementAtOrDefault((int)line) ?? "");
        var from = (int)Math.Clamp(position - 20, 0, bytes.Length);
        var near = Encoding.UTF8.GetString(bytes.AsSpan(from, Math.Min(30, bytes.Length - from))).Trim('\uFFFD', ' ', '\r');
        return near.Length > 0 ? $", near `{ShownText.Of(near)}`" : "";
    }
}
