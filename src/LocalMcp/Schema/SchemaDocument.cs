using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>A schema that has been read: its keywords checked, its references resolved.</summary>
/// <param name="Root">Where a check begins.</param>
/// <param name="NotesEvaluated">Whether some keyword asks what others have looked at: <c>unevaluatedProperties</c>, <c>unevaluatedItems</c>.</param>
internal sealed record SchemaDocument(SchemaNode Root, bool NotesEvaluated);

/// <summary>One schema in a document: the document itself, or a part of it.</summary>
internal sealed class SchemaNode(string location, SchemaResource resource)
{
    /// <summary>Where it is in the document, as a JSON pointer.</summary>
    public string Location { get; } = location;

    /// <summary>The part of the document, with a name of its own, that it belongs to.</summary>
    public SchemaResource Resource { get; } = resource;

    /// <summary>What the schema <c>true</c> or <c>false</c> says of everything; null for an object.</summary>
    public bool? Always { get; init; }

    /// <summary>Its keywords, in the order of their check.</summary>
    public IReadOnlyList<Rule> Rules { get; set; } = [];
}

/// <summary>A document, or a part of one that has an <c>$id</c>: names in it are its own.</summary>
/// <param name="location">Where it begins, as a JSON pointer in the document.</param>
internal sealed class SchemaResource(Uri address, string location, JsonElement json)
{
    public Uri Address { get; } = address;

    public string Location { get; } = location;

    public JsonElement Json { get; } = json;

    /// <summary>Its schemas that have a name: <c>$anchor</c>.</summary>
    public Dictionary<string, SchemaNode> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them whose name another resource may take over: <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}

/// <summary>The versions of the specification whose keywords are known.</summary>
internal enum Draft
{
    /// <summary>The schema does not say: the keywords of all of them.</summary>
    Unsaid,
    Seven,
    Of2019,
    Of2020,
}
