using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tools;

/// <summary>
/// What a client is told of the tools and the prompt, as <c>cards.json</c> has it. It is all there in the attributes of their methods, but
/// reading it from there takes longer than all else that a start does. A test holds the file against the methods.
/// </summary>
internal static class Cards
{
    private static readonly Lazy<JsonElement> All = new(Read);

    /// <summary>The tools by name.</summary>
    public static Dictionary<string, Tool> Tools()
    {
        // Without LINQ, of which a query over values is compiled at every start.
        var tools = new Dictionary<string, Tool>();
        foreach (var card in All.Value.GetProperty("tools").EnumerateArray())
            tools.Add(Text(card, "name")!, ToolOf(card));
        return tools;
    }

    public static Prompt Prompt()
    {
        var card = All.Value.GetProperty("prompt");
        var arguments = new List<PromptArgument>();
        foreach (var argument in card.GetProperty("arguments").EnumerateArray())
            arguments.Add(ArgumentOf(argument));
        return new Prompt
        {
            Name = Text(card, "name")!,
            Title = Text(card, "title"),
            Description = Text(card, "description"),
            Arguments = arguments,
        };
    }

    private static JsonElement Read()
    {
        using var stream = typeof(Cards).Assembly.GetManifestResourceStream("cards.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    private static Tool ToolOf(JsonElement card) => new()
    {
        Name = Text(card, "name")!,
        Description = Text(card, "description"),
        InputSchema = card.GetProperty("inputSchema"),
        Annotations = card.TryGetProperty("annotations", out var annotations) ? AnnotationsOf(annotations) : null,
        Meta = card.TryGetProperty("_meta", out var meta) ? JsonObject.Create(meta) : null,
    };

    private static ToolAnnotations AnnotationsOf(JsonElement card) => new()
    {
        Title = Text(card, "title"),
        DestructiveHint = Truth(card, "destructiveHint"),
        IdempotentHint = Truth(card, "idempotentHint"),
        OpenWorldHint = Truth(card, "openWorldHint"),
        ReadOnlyHint = Truth(card, "readOnlyHint"),
    };

    private static PromptArgument ArgumentOf(JsonElement card) => new() { Name = Text(card, "name")!, Description = Text(card, "description"), Required = Truth(card, "required") };

    private static string? Text(JsonElement card, string name) => card.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool? Truth(JsonElement card, string name) => card.TryGetProperty(name, out var value) ? value.GetBoolean() : null;
}
