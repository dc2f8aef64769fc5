using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>One value of an answer under one schema: what its rules find, and what they have looked at.</summary>
internal sealed class Visit(Evaluation run, JsonElement value, Place place, Scope scope)
{
    /// <summary>More would not help a model that is to mend them.</summary>
    public const int MostFaults = 10;

    private List<Fault>? faults;

    public JsonElement Value => value;

    public JsonTypes Type { get; } = JsonTypeNames.Of(value);

    public Scope Scope => scope;

    public IReadOnlyList<Fault> Faults => faults ?? [];

    public Evaluated Evaluated { get; } = new(run.NotesEvaluated);

    /// <summary>The value's place, as a JSON pointer.</summary>
    public string Where => place.ToString();

    public void Fail(string words, JsonTypes expected = JsonTypes.None) => Add([new Fault(place.ToString(), words) { Expected = expected }]);

    public void Add(IReadOnlyList<Fault> more)
    {
        if (more.Count > 0)
            (faults ??= []).AddRange(more.Take(MostFaults - faults.Count));
    }

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
/// <param name="isAsked">Whether any rule of the document asks for it. Where none does, nothing is noted.</param>
internal sealed class Evaluated(bool isAsked)
{
    private HashSet<string>? properties;
    private HashSet<int>? items;
    private int first;

    public void Property(string name)
    {
        if (isAsked)
            (properties ??= new(StringComparer.Ordinal)).Add(name);
    }

    public void Item(int index)
    {
        if (isAsked)
            (items ??= []).Add(index);
    }

    /// <summary>All items before this one.</summary>
    public void ItemsBefore(int index) => first = Math.Max(first, index);

    public bool HasProperty(string name) => properties?.Contains(name) is true;

    public bool HasItem(int index) => index < first || items?.Contains(index) is true;

    public void Add(Evaluated other)
    {
        foreach (var name in other.properties ?? [])
            Property(name);
        foreach (var index in other.items ?? [])
            Item(index);
        ItemsBefore(other.first);
    }
}
