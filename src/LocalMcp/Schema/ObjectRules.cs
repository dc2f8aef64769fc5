using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>.</summary>
/// <param name="Named">In the order in which the schema has them.</param>
/// <param name="Others">The schema of the rest; null when nothing is said of it.</param>
internal sealed record PropertiesRule(IReadOnlyList<(string Name, SchemaNode Schema)> Named, IReadOnlyList<(EcmaPattern Pattern, SchemaNode Schema)> Patterns, SchemaNode? Others) : Rule
{
    private readonly Dictionary<string, SchemaNode> named = Named.ToDictionary(one => one.Name, one => one.Schema, StringComparer.Ordinal);

    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Object)
            return;
        foreach (var property in visit.Value.EnumerateObject())
        {
            var (name, known) = (property.Name, false);
            if (named.TryGetValue(name, out var schema))
                Take(schema);
            foreach (var (pattern, another) in Patterns)
            {
                if (visit.Matches(pattern, name))
                    Take(another);
            }
            if (!known && Others is { Always: false })
                visit.Fail($"must not have the property {JsonWords.Short($"\"{name}\"")}{Allowed()}");
            else if (!known && Others is not null)
                Take(Others);

            void Take(SchemaNode by)
            {
                known = true;
                visit.Evaluated.Property(name);
                visit.Add(visit.TryPart(by, property.Value, name));
            }
        }
    }

    /// <summary>The schemas for a property of this name.</summary>
    public IEnumerable<SchemaNode> For(string name)
    {
        List<SchemaNode> known = [.. Patterns.Where(one => one.Pattern.IsMatch(name)).Select(one => one.Schema)];
        if (named.TryGetValue(name, out var schema))
            known.Add(schema);
        return known.Count > 0 || Others is null ? known : [Others];
    }

    private string Allowed() => Named.Count == 0 ? "" : $"; it may have {JsonWords.Short(string.Join(", ", Named.Select(one => one.Name)))}";
}

/// <summary><c>propertyNames</c>.</summary>
internal sealed record NamesRule(SchemaNode Schema) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Object)
            return;
        foreach (var property in visit.Value.EnumerateObject())
        {
            foreach (var fault in visit.TryPart(Schema, Text(property.Name), property.Name))
                visit.Fail($"the name of the property {JsonWords.Short($"\"{property.Name}\"")} {fault.Words}");
        }
    }

    private static JsonElement Text(string text)
    {
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        return document.RootElement.Clone();
    }
}

/// <summary><c>required</c>.</summary>
internal sealed record RequiredRule(IReadOnlyList<string> Names) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Object)
            return;
        foreach (var name in Names.Where(name => !visit.Value.TryGetProperty(name, out _)))
            visit.Fail($"must have the property \"{name}\", which is missing");
    }
}

/// <summary><c>minProperties</c> and <c>maxProperties</c>.</summary>
internal sealed record PropertyCountRule(int Least, int Most) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type == JsonTypes.Object && visit.Value.GetPropertyCount() is var count && (count < Least || count > Most))
            visit.Fail($"must have {Amount.Words(Least, Most, "property", "properties")}, has {count}");
    }
}

/// <summary><c>dependentRequired</c>, and <c>dependencies</c> with a list of names.</summary>
internal sealed record DependentNamesRule(string Name, IReadOnlyList<string> Needs) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Object || !visit.Value.TryGetProperty(Name, out _))
            return;
        foreach (var name in Needs.Where(name => !visit.Value.TryGetProperty(name, out _)))
            visit.Fail($"has the property \"{Name}\" and so must have \"{name}\" too, which is missing");
    }
}

/// <summary><c>dependentSchemas</c>, and <c>dependencies</c> with a schema.</summary>
internal sealed record DependentSchemaRule(string Name, SchemaNode Schema) : Rule
{
    public override IEnumerable<SchemaNode> InPlace => [Schema];

    public override void Check(Visit visit)
    {
        if (visit.Type == JsonTypes.Object && visit.Value.TryGetProperty(Name, out _))
            visit.Add(visit.Try(Schema));
    }
}

/// <summary><c>unevaluatedProperties</c>: what no other rule has looked at.</summary>
internal sealed record UnevaluatedPropertiesRule(SchemaNode Schema) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Object)
            return;
        foreach (var property in visit.Value.EnumerateObject().Where(property => !visit.Evaluated.HasProperty(property.Name)))
        {
            if (Schema.Always is false)
                visit.Fail($"must not have the property {JsonWords.Short($"\"{property.Name}\"")}");
            else
                visit.Add(visit.TryPart(Schema, property.Value, property.Name));
            visit.Evaluated.Property(property.Name);
        }
    }
}
