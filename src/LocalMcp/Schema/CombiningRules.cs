namespace LocalMcp.Schema;

/// <summary><c>$ref</c>: another schema of the document.</summary>
internal sealed record ReferenceRule : Rule
{
    /// <summary>Found when the whole document has been read.</summary>
    public SchemaNode Target { get; set; } = null!;

    /// <summary>The name by which an outer resource may put a schema of its own in the place of the target (<c>$dynamicRef</c>); null for none.</summary>
    public string? Dynamic { get; set; }

    public override IEnumerable<SchemaNode> InPlace => [Target];

    public override void Check(Visit visit) => visit.Add(visit.Try(Dynamic is null ? Target : Outermost(visit.Scope, Dynamic) ?? Target));

    private static SchemaNode? Outermost(Scope scope, string name)
    {
        SchemaNode? found = null;
        for (var at = scope; at is not null; at = at.Outer)
            found = at.Resource.DynamicAnchors.GetValueOrDefault(name) ?? found;
        return found;
    }
}

/// <summary><c>allOf</c>.</summary>
internal sealed record AllRule(IReadOnlyList<SchemaNode> Schemas) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => Schemas;

    public override void Check(Visit visit)
    {
        foreach (var schema in Schemas)
            visit.Add(visit.Try(schema));
    }
}

/// <summary><c>anyOf</c>.</summary>
internal sealed record AnyRule(IReadOnlyList<SchemaNode> Schemas) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => Schemas;

    public override void Check(Visit visit)
    {
        // All of them, since each may have looked at something of its own.
        var found = Schemas.Select(visit.Try).ToList();
        if (found.All(faults => faults.Count > 0))
            Alternatives.Fail(visit, found);
    }
}

/// <summary><c>oneOf</c>.</summary>
internal sealed record OneRule(IReadOnlyList<SchemaNode> Schemas) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => Schemas;

    public override void Check(Visit visit)
    {
        var found = Schemas.Select(visit.Try).ToList();
        var fitting = found.Index().Where(one => one.Item.Count == 0).Select(one => one.Index + 1).ToList();
        if (fitting.Count == 0)
            Alternatives.Fail(visit, found);
        else if (fitting.Count > 1)
            visit.Fail($"must fit exactly one of the {Schemas.Count} alternatives of the schema's oneOf, and fits number {string.Join(" and ", fitting)}");
    }
}

/// <summary><c>not</c>.</summary>
/// <param name="Words">The schema that must not fit, as it is written.</param>
internal sealed record NotRule(SchemaNode Schema, string Words) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => [Schema];

    public override void Check(Visit visit)
    {
        // In a visit of its own: what it looked at does not count.
        if (visit.Apart(Schema).Count == 0)
            visit.Fail($"must not fit the schema {Words}, is {JsonWords.Value(visit.Value)}");
    }
}

/// <summary><c>if</c>, with <c>then</c> and <c>else</c>.</summary>
internal sealed record ConditionRule(SchemaNode If, SchemaNode? Then, SchemaNode? Else) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => new[] { If, Then, Else }.OfType<SchemaNode>();

    public override void Check(Visit visit)
    {
        if ((visit.Try(If).Count == 0 ? Then : Else) is { } schema)
            visit.Add(visit.Try(schema));
    }
}

/// <summary>What to say when no alternative fits.</summary>
internal static class Alternatives
{
    public static void Fail(Visit visit, List<IReadOnlyList<Fault>> found)
    {
        var types = found.Select(faults => TypeAlone(visit, faults)).ToList();
        if (types.TrueForAll(type => type != JsonTypes.None))
        {
            var expected = types.Aggregate((all, one) => all | one);
            visit.Fail($"must be {JsonTypeNames.Words(expected)}, is {JsonWords.Value(visit.Value)}", expected);
            return;
        }
        // The one that has the right type, and the fewest faults.
        var nearest = found.Index().Where(one => types[one.Index] == JsonTypes.None).MinBy(one => one.Item.Count);
        if (found.Count > 1)
            visit.Fail($"fits none of the {found.Count} alternatives of the schema; the nearest is number {nearest.Index + 1}, for which:");
        visit.Add(nearest.Item);
    }

    // The type that was expected, where the value's own type is the only fault.
    private static JsonTypes TypeAlone(Visit visit, IReadOnlyList<Fault> faults) => faults is [{ Expected: not JsonTypes.None and var type } only] && only.Place == visit.Where ? type : JsonTypes.None;
}
