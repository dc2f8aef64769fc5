using System.Globalization;
using System.Text;
using System.Text.Json;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;

namespace LocalMcp.Backends.Ollama;

/// <summary>What Ollama's <c>/api/show</c> says of one model: the keys of its file, but for lists, and its tensors.</summary>
/// <param name="Shape">How it is built.</param>
/// <param name="Quantization">As the keys and tensors say; null when they do not.</param>
/// <param name="Context">The <c>num_ctx</c> of the model's parameters, in tokens: what it is served with unless a request says otherwise.</param>
/// <param name="TrainedContext">Tokens that it was trained for.</param>
/// <param name="CanThink">Whether it is said to reason.</param>
internal sealed record OllamaShow(ModelShape Shape, string? Quantization, int? Context, int? TrainedContext, bool? CanThink)
{
    // Real models have some dozens of keys, and some hundreds or thousands of tensors.
    private const int MostKeys = 8192;
    private const int MostTensors = 32_768;

    /// <summary>Null when it is no such answer.</summary>
    /// <param name="size">The model's size on disk, where the tensors are not listed.</param>
    public static OllamaShow? Of(string body, long? size)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Field(document.RootElement, "model_info") is { ValueKind: JsonValueKind.Object } info ? Of(document.RootElement, Metadata(info), size) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second: a name with half a character in it.
            return null;
        }
    }

    private static OllamaShow Of(JsonElement show, GgufMetadata metadata, long? size)
    {
        var weights = Field(show, "tensors") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is > 0 and <= MostTensors ? Weights(list) : null;
        var template = JsonText.Of(Field(show, "template"));
        var shape = GgufShape.Of(metadata, weights, template);
        var tools = Says(show, "tools") ?? shape.CanUseTools;
        var trained = metadata.Number($"{shape.Architecture}.context_length") is > 0 and var length ? length : (int?)null;
        var context = NumCtx(JsonText.Of(Field(show, "parameters")));
        return new OllamaShow(
            shape with { CanUseTools = tools, WeightBytes = shape.WeightBytes ?? size },
            GgufFileType.Name(metadata, weights),
            context > trained ? trained : context,
            trained,
            Says(show, "thinking") ?? ModelFacts.Reasons(template));
    }

    private static bool? Says(JsonElement show, string ability) =>
        Field(show, "capabilities") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray().Any(one => JsonText.Of(one) == ability) : null;

    private static GgufMetadata Metadata(JsonElement info)
    {
        var metadata = new GgufMetadata();
        foreach (var pair in info.EnumerateObject().Take(MostKeys))
            Add(metadata, pair.Name, pair.Value);
        return metadata;
    }

    private static void Add(GgufMetadata metadata, string key, JsonElement value)
    {
        if (JsonText.Of(value) is { } text)
            metadata.Add(key, text);
        else if (Whole(value) is { } number)
            metadata.Add(key, number);
        else if (value.ValueKind != JsonValueKind.Array)
            metadata.Add(key);
        else
            AddList(metadata, key, value);
    }

    // Lists come only where somebody asked for them.
    private static void AddList(GgufMetadata metadata, string key, JsonElement list)
    {
        metadata.AddLength(key, (ulong)list.GetArrayLength());
        if (list.GetArrayLength() <= GgufMetadata.MostLayers && list.EnumerateArray().Select(Whole).ToArray() is var numbers && Array.TrueForAll(numbers, number => number is not null))
            metadata.Add(key, Array.ConvertAll(numbers, number => number!.Value));
    }

    private static ulong? Whole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    // Null when a tensor is told in another way than is known here: then no sum is right.
    private static TensorTally? Weights(JsonElement tensors)
    {
        var tally = new TensorTally();
        foreach (var tensor in tensors.EnumerateArray())
        {
            if (JsonText.Of(Field(tensor, "name")) is not { } name || Field(tensor, "shape") is not { ValueKind: JsonValueKind.Array } shape || !Numbers(shape, out var numbers, out var last))
                return null;
            tally.Add(Encoding.UTF8.GetBytes(name), GgufTensorType.Named(JsonText.Of(Field(tensor, "type"))), numbers, last);
        }
        return tally;
    }

    private static bool Numbers(JsonElement shape, out ulong numbers, out ulong last)
    {
        (numbers, last) = (0, 1);
        var product = (UInt128)1;
        foreach (var dimension in shape.EnumerateArray())
        {
            if (Whole(dimension) is not { } length || (product *= length) > long.MaxValue)
                return false;
            last = length;
        }
        numbers = (ulong)product;
        return true;
    }

    // One parameter on a line: "num_ctx                        4096".
    private static int? NumCtx(string? parameters)
    {
        foreach (var line in (parameters ?? "").Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is ["num_ctx", var told]
                && int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var context) && context > 0)
                return context;
        }
        return null;
    }

    private static JsonElement? Field(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var field) ? field : null;
}
