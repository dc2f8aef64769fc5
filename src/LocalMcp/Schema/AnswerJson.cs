using System.Text;
using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>
/// The JSON in an answer: the whole text, else what is in its code fences, else the outermost objects and arrays with prose around them. Models
/// that nothing constrains wrap it so.
/// </summary>
/// <param name="Candidates">Values that may be meant, as they are written and read; empty with a trouble.</param>
/// <param name="Trouble">Why there is none, in words for the model.</param>
internal sealed record AnswerJson(IReadOnlyList<(string Text, JsonElement Value)> Candidates, string? Trouble)
{
    private const int MostCandidates = 20;

    public static AnswerJson Find(string answer)
    {
        var text = answer.Trim().Trim('\uFEFF', '\u200B').Trim();
        if (StrictJson.TryParse(text, out var whole, out var trouble))
            return new AnswerJson([(text, whole)], null);
        if (text.Length == 0)
            return new AnswerJson([], "the answer is empty");
        if (Fences.Of(text) is { Count: > 0 } fences)
            return FromFences(fences);
        return FromProse(text, trouble);
    }

    private static AnswerJson FromFences(IReadOnlyList<string> fences)
    {
        List<(string, JsonElement)> read = [];
        var trouble = "";
        foreach (var fence in fences)
        {
            if (StrictJson.TryParse(fence, out var value, out var why))
                read.Add((fence, value));
            else if (fence.StartsWith('{') || fence.StartsWith('[') || trouble.Length == 0)
                trouble = why;
        }
        return read.Count > 0 ? new AnswerJson(read, null) : new AnswerJson([], $"the code block holds no valid JSON: {trouble}");
    }

    private static AnswerJson FromProse(string text, string troubleOfWhole)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<(string, JsonElement)> read = [];
        for (var at = 0; at < bytes.Length && read.Count < MostCandidates;)
        {
            if (bytes[at] is not ((byte)'{' or (byte)'['))
            {
                at++;
                continue;
            }
            var length = Length(bytes.AsSpan(at), out var begun);
            var value = Encoding.UTF8.GetString(bytes.AsSpan(at, length ?? (begun ? bytes.Length - at : 0)));
            if (length is null && !begun)
                at++;
            else if (length is null || !StrictJson.TryParse(value, out var json, out _))
                return Broken(text, value, troubleOfWhole);
            else
            {
                read.Add((value, json));
                at += length.Value;
            }
        }
        return read.Count > 0 ? new AnswerJson(read, null) : new AnswerJson([], text[0] is '{' or '[' ? troubleOfWhole : "the answer holds no JSON");
    }

    // An object or array that begins well and goes wrong later. What is whole inside it is not the answer.
    private static AnswerJson Broken(string text, string value, string troubleOfWhole)
    {
        var trouble = troubleOfWhole;
        if (value.Length < text.Length)
            _ = StrictJson.TryParse(value, out _, out trouble);
        return new AnswerJson([], $"the answer is no valid JSON: {trouble}");
    }

    /// <summary>The bytes of the value at the beginning; null where it does not end in order.</summary>
    /// <param name="begun">Whether more than its bracket is JSON. Prose has brackets too.</param>
    private static int? Length(ReadOnlySpan<byte> bytes, out bool begun)
    {
        begun = false;
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = StrictJson.MostLevels }));
        try
        {
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 0, TokenType: JsonTokenType.EndObject or JsonTokenType.EndArray })
                    return (int)reader.BytesConsumed;
                begun |= reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) || reader.CurrentDepth > 1;
            }
            // It was cut in the middle.
            begun = true;
        }
        catch (JsonException)
        {
            // What came before says whether it was meant as JSON.
        }
        return null;
    }
}

/// <summary>Code blocks of Markdown.</summary>
internal static class Fences
{
    /// <summary>The texts between lines of three backticks, without those lines. The last one may be open.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        List<string> blocks = [];
        StringBuilder? block = null;
        foreach (var line in text.Split('\n'))
        {
            if (!line.AsSpan().TrimStart().StartsWith("```", StringComparison.Ordinal))
                block?.Append(line).Append('\n');
            else if (block is null)
                block = new StringBuilder();
            else
            {
                blocks.Add(block.ToString().Trim());
                block = null;
            }
        }
        if (block is not null)
            blocks.Add(block.ToString().Trim());
        return blocks;
    }
}
