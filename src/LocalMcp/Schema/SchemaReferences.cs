using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>Names in a document, and what leads to them. Nothing is ever fetched: a reference leads into the document, or the schema is refused.</summary>
/// <param name="read">Reads the schema at a place: its JSON, its place as a JSON pointer, and the resource that is around it.</param>
internal sealed class SchemaReferences(JsonElement json, Draft draft, Dictionary<string, SchemaNode> nodes, Func<JsonElement, string, SchemaResource, SchemaNode> read)
{
    // A document without a name of its own gets this one, so that relative names in it can be resolved.
    private static readonly Uri Nameless = new("json-schema://document/");

    private readonly Dictionary<string, SchemaResource> resources = new(StringComparer.Ordinal);
    private readonly Queue<(ReferenceRule Rule, string Reference, SchemaResource From, string Location)> open = [];

    /// <summary>The document as a whole.</summary>
    public SchemaResource Document { get; } = new(Nameless, "", json);

    /// <summary>The resource that a schema belongs to: one of its own, where it has an <c>$id</c>.</summary>
    public SchemaResource ResourceOf(Keywords keywords, JsonElement schema, SchemaResource around)
    {
        resources.TryAdd(Document.Address.AbsoluteUri, Document);
        if (Ignores(keywords) || keywords.Text("$id") is not { } id || (id.StartsWith('#') && NamesByFragment))
            return around;
        var (address, fragment) = Split(id);
        if (fragment.Length > 0 && draft != Draft.Seven)
            throw keywords.Bad("$id", $"must be a URI without a fragment, is \"{id}\"");
        var own = new SchemaResource(Absolute(around.Address, address) ?? throw keywords.Bad("$id", $"must be a URI, is \"{JsonWords.Short(id)}\""), keywords.Location, schema);
        return resources.TryAdd(own.Address.AbsoluteUri, own) ? own : throw keywords.Bad("$id", $"is \"{id}\", which another schema of the document has too");
    }

    /// <summary>Notes the names that a schema gives itself.</summary>
    public void Name(SchemaNode node, Keywords keywords)
    {
        if (NamesByFragment && !Ignores(keywords) && keywords.Get("$id") is { ValueKind: JsonValueKind.String } id && id.GetString()!.StartsWith('#'))
            Add(node.Resource.Anchors, id.GetString()![1..], "$id");
        if (keywords.Text("$anchor") is { } anchor)
            Add(node.Resource.Anchors, anchor, "$anchor");
        if (keywords.Text("$dynamicAnchor") is { } dynamic)
        {
            Add(node.Resource.Anchors, dynamic, "$dynamicAnchor");
            node.Resource.DynamicAnchors[dynamic] = node;
        }

        void Add(Dictionary<string, SchemaNode> anchors, string name, string keyword)
        {
            if (!anchors.TryAdd(name, node) && anchors[name] != node)
                throw keywords.Bad(keyword, $"is \"{JsonWords.Short(name)}\", which another schema of the document has too");
        }
    }

    /// <summary>The rule of a <c>$ref</c>, to be resolved; null where there is none.</summary>
    public ReferenceRule? Rule(Keywords keywords, SchemaNode node)
    {
        if (keywords.Get("$recursiveRef") is not null && draft is not (Draft.Seven or Draft.Of2020))
            throw keywords.Bad("$recursiveRef", "is not known here: use \"$ref\": \"#\"");
        return keywords.Text("$ref") is { } reference ? Open(reference, node, keywords.At("$ref")) : null;
    }

    /// <summary>The rule of a <c>$dynamicRef</c>, to be resolved; null where there is none.</summary>
    public ReferenceRule? DynamicRule(Keywords keywords, SchemaNode node)
    {
        if (keywords.Text("$dynamicRef") is not { } reference)
            return null;
        var rule = Open(reference, node, keywords.At("$dynamicRef"));
        rule.Dynamic = Split(reference).Fragment;
        return rule;
    }

    /// <summary>Finds what all references lead to. Reading a target may open more of them.</summary>
    public void Resolve()
    {
        while (open.TryDequeue(out var next))
        {
            var (rule, reference, from, location) = next;
            var (address, fragment) = Split(reference);
            var resource = address.Length == 0 ? from : Absolute(from.Address, address) is { } absolute ? resources.GetValueOrDefault(absolute.AbsoluteUri) : null;
            if (resource is null)
                throw SchemaReader.Refusal(location, $"is \"{JsonWords.Short(reference)}\", which leads out of the schema; only what is in it can be used. Put the other schema under $defs");
            rule.Target = Target(resource, fragment) ?? throw SchemaReader.Refusal(location, $"is \"{JsonWords.Short(reference)}\", and there is no such schema in the document");
            // Only a target that has this dynamic name itself can be taken over.
            if (rule.Dynamic is { } name && rule.Target.Resource.DynamicAnchors.GetValueOrDefault(name) != rule.Target)
                rule.Dynamic = null;
        }
    }

    private ReferenceRule Open(string reference, SchemaNode node, string location)
    {
        var rule = new ReferenceRule();
        open.Enqueue((rule, reference, node.Resource, location));
        return rule;
    }

    private SchemaNode? Target(SchemaResource resource, string fragment) => fragment.Length == 0 || fragment[0] == '/' ? AtPointer(resource, fragment) : resource.Anchors.GetValueOrDefault(fragment);

    // Also where no keyword has a schema: #/components/schemas/… of an OpenAPI document.
    private SchemaNode? AtPointer(SchemaResource resource, string pointer)
    {
        var (at, location, around) = (resource.Json, resource.Location, resource);
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Part(at, name) is not { } inner)
                return null;
            (at, location) = (inner, $"{location}/{Place.Escape(name)}");
            around = nodes.GetValueOrDefault(location)?.Resource ?? around;
        }
        return read(at, location, around);
    }

    private static JsonElement? Part(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object when json.TryGetProperty(name, out var value) => value,
        JsonValueKind.Array when int.TryParse(name, out var index) && index >= 0 && index < json.GetArrayLength() => json[index],
        _ => null,
    };

    // Before 2019-09 an $id of a fragment alone was what $anchor is now.
    private bool NamesByFragment => draft is Draft.Seven or Draft.Unsaid;

    // Before 2019-09 nothing beside a $ref counts.
    private bool Ignores(Keywords keywords) => draft == Draft.Seven && keywords.Get("$ref") is not null;

    private static Uri? Absolute(Uri from, string address) => Uri.TryCreate(from, address, out var absolute) ? absolute : null;

    private static (string Address, string Fragment) Split(string reference) =>
        reference.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (reference[..at], Uri.UnescapeDataString(reference[(at + 1)..])) : (reference, "");
}
