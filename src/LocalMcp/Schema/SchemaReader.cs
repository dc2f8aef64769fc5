using System.Text.Json;
using LocalMcp.Workspace;

namespace LocalMcp.Schema;

/// <summary>Reads a schema: checks every keyword, and resolves every reference inside the document.</summary>
internal sealed partial class SchemaReader
{
    private const int MostSchemas = 10_000;

    private readonly Dictionary<string, SchemaNode> nodes = new(StringComparer.Ordinal);
    private readonly SchemaReferences references;
    private readonly Draft draft;

    private SchemaReader(JsonElement json)
    {
        draft = SchemaDraft.Of(json);
        references = new SchemaReferences(json, draft, nodes, Node);
    }

    /// <exception cref="LocalMcpException">The schema cannot be used, and why.</exception>
    public static SchemaDocument Read(JsonElement json)
    {
        SchemaSense.Check(json);
        var reader = new SchemaReader(json);
        var root = reader.Node(json, "", reader.references.Document);
        reader.references.Resolve();
        SchemaLoops.Refuse(reader.nodes.Values);
        return new SchemaDocument(root, reader.nodes.Values.Any(node => node.Rules.Any(rule => rule is UnevaluatedItemsRule or UnevaluatedPropertiesRule)));
    }

    /// <summary>The refusal of a schema for what is at a place in it.</summary>
    public static LocalMcpException Refusal(string location, string words) =>
        new($"json_schema cannot be used: {(location.Length > 0 ? JsonWords.Short(ShownText.Of(location)) : "its root")} {ShownText.Of(words)}. Correct the schema and ask again; nothing was sent to a model.");

    // A schema and all that are in it, once for each place.
    private SchemaNode Node(JsonElement json, string location, SchemaResource around)
    {
        if (nodes.TryGetValue(location, out var known))
            return known;
        if (nodes.Count == MostSchemas)
            throw Refusal(location, $"is one schema too many: {MostSchemas:N0} are the most");
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return nodes[location] = new SchemaNode(location, around) { Always = json.ValueKind == JsonValueKind.True };
        if (json.ValueKind != JsonValueKind.Object)
            throw Refusal(location, $"must be a schema: an object, true or false; it is {JsonWords.Value(json)}");
        var keywords = new Keywords(json, location, draft);
        var node = nodes[location] = new SchemaNode(location, references.ResourceOf(keywords, json, around));
        references.Name(node, keywords);
        node.Rules = [.. Rules(keywords, node)];
        return node;
    }

    private IEnumerable<Rule> Rules(Keywords keywords, SchemaNode node)
    {
        foreach (var name in (string[])["$defs", "definitions"])
            _ = Map(keywords, name, node);
        // Before 2019-09 a $ref stands alone, whatever is beside it.
        var reference = references.Rule(keywords, node);
        var rules = reference is not null && draft == Draft.Seven ? [] : ValueRules(keywords).Concat(ArrayRules(keywords, node)).Concat(ObjectRules(keywords, node)).Concat(CombiningRules(keywords, node)).Concat(UnevaluatedRules(keywords, node));
        return new[] { reference, references.DynamicRule(keywords, node) }.OfType<Rule>().Concat(rules);
    }

    private SchemaNode? Schema(Keywords keywords, string name, SchemaNode node) => keywords.Get(name) is { } json ? Node(json, keywords.At(name), node.Resource) : null;

    private IReadOnlyList<SchemaNode>? Schemas(Keywords keywords, string name, SchemaNode node)
    {
        if (keywords.List(name) is not { } list)
            return null;
        return list.Count > 0 ? [.. list.Index().Select(one => Node(one.Item, $"{keywords.At(name)}/{one.Index}", node.Resource))] : throw keywords.Bad(name, "must be a list of schemas, and is empty");
    }

    private IReadOnlyList<(string Name, SchemaNode Schema)> Map(Keywords keywords, string name, SchemaNode node) =>
        [.. keywords.Map(name).Select(property => (property.Name, Node(property.Value, $"{keywords.At(name)}/{Place.Escape(property.Name)}", node.Resource)))];

    private static EcmaPattern Pattern(Keywords keywords, string name, string pattern) =>
        EcmaPattern.Read(pattern, out var trouble) ?? throw keywords.Bad(name, $"must be a regular expression of ECMAScript: {JsonWords.Short(pattern)} {trouble}");
}
