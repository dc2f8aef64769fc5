using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>One value of an answer under one schema: what its rules find, and what they have looked at.</summary>
internal sealed class Visit(Evaluation run, JsonElement value, Place place, Scope scope)
{
    /// <summary>More would not help a model that is to mend them.</summary>
    public const int MostFaults = 10;

    private readonly List<Fault> faults = [];

    public JsonElement Value => value;

    public JsonTypes Type { get; } = JsonTypeNames.Of(value);

    public Scope Scope => scope;

    public IReadOnlyList<Fault> Faults => faults;

    public Evaluated Evaluated { get; } = new();

    /// <summary>The value's place, as a JSON pointer.</summary>
    public string Where => place.ToString();

    public void Fail(string words, JsonTypes expected = JsonTypes.None) => Add([new Fault(place.ToString(), words) { Expected = expected }]);

    public void Add(IReadOnlyList<Fault> more) => faults.AddRange(more.Take(MostFaults - faults.Count));

    /// <summary>What another schema says of the same value. What it has looked at counts for this one, if it finds no fault.</summary>
    public IReadOnlyList<Fault> Try(SchemaNode schema)
    {
        var (found, evaluated) = run.Check(schema, value, place, scope);
        if (found.Count == 0)
            Evaluated.Add(evaluated);
        return found;
    }

    /// <summary>What another schema says of the same value, without any consequence.</summary>
    public IReadOnlyList<Fault> Apart(SchemaNode schema) => run.Check(schema, value, place, scope).Faults;

    /// <summary>What a schema says of a part of the value.</summary>
    public IReadOnlyList<Fault> TryPart(SchemaNode schema, JsonElement part, string name) => run.Check(schema, part, place.At(name), scope).Faults;

    /// <summary>Whether a pattern occurs in a text.</summary>
    public bool Matches(EcmaPattern pattern, string text) => run.Matches(pattern, text);

    /// <summary>A text for the value that is the same for equal values.</summary>
    public string Canonical(JsonElement json) => run.Canonical(json);
}

/// <summary>The resources that led to a place, the innermost first: what a <c>$dynamicRef</c> looks through.</summary>
internal sealed record Scope(SchemaResource Resource, Scope? Outer);

/// <summary>The properties and items of one value that some rule has looked at.</summary>
internal sealed class Evaluated
{
    private readonly HashSet<string> properties = new(StringComparer.Ordinal);
    private readonly HashSet<int> items = [];
    private int first;

    public void Property(string name) => properties.Add(name);

    public void Item(int index) => items.Add(index);

    /// <summary>All items before this one.</summary>
    public void ItemsBefore(int index) => first = Math.Max(first, index);

    public bool HasProperty(string name) => properties.Contains(name);

    public bool HasItem(int index) => index < first || items.Contains(index);

    public void Add(Evaluated other)
    {
        properties.UnionWith(other.properties);
        items.UnionWith(other.items);
        ItemsBefore(other.first);
    }
}
