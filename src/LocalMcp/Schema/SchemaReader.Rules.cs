using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>From keywords to rules, one group of keywords after the other.</summary>
internal sealed partial class SchemaReader
{
    private static IEnumerable<Rule> ValueRules(Keywords keywords)
    {
        if (keywords.Types() is { } types)
            yield return new TypeRule(types);
        if (keywords.List("enum") is { } values)
            yield return values.Count > 0 ? new EnumRule(values) : throw keywords.Bad("enum", "must be a list of values, and is empty");
        if (keywords.Get("const") is { } value)
            yield return new EnumRule([value]);
        foreach (var name in (string[])["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        {
            if (keywords.Number(name) is var (limit, number))
                yield return new BoundRule(limit, number, name.EndsWith("inimum", StringComparison.Ordinal), name.StartsWith("exclusive", StringComparison.Ordinal));
        }
        if (keywords.Number("multipleOf") is var (of, divisor))
            yield return divisor.IsPositive ? new MultipleRule(of, divisor) : throw keywords.Bad("multipleOf", "must be more than 0", keywords.Get("multipleOf"));
        if (Range(keywords, "minLength", "maxLength") is var (least, most))
            yield return new LengthRule(least, most);
        if (keywords.Text("pattern") is { } pattern)
            yield return new PatternRule(Pattern(keywords, "pattern", pattern));
        if (keywords.Text("format") is { } format)
            yield return new FormatRule(format);
    }

    private IEnumerable<Rule> ArrayRules(Keywords keywords, SchemaNode node)
    {
        if (Items(keywords, node) is { } items)
            yield return items;
        if (Range(keywords, "minItems", "maxItems") is var (least, most))
            yield return new ItemCountRule(least, most);
        var (atLeast, atMost) = (keywords.Count("minContains"), keywords.Count("maxContains"));
        if (Schema(keywords, "contains", node) is { } contained)
            yield return new ContainsRule(contained, atLeast ?? 1, atMost ?? int.MaxValue, draft is Draft.Of2020 or Draft.Unsaid);
        if (keywords.Flag("uniqueItems"))
            yield return new UniqueRule();
    }

    private ItemsRule? Items(Keywords keywords, SchemaNode node)
    {
        var first = Schemas(keywords, "prefixItems", node);
        if (keywords.Get("items") is not { ValueKind: JsonValueKind.Array })
        {
            _ = Schema(keywords, "additionalItems", node);
            var rest = Schema(keywords, "items", node);
            return first is null && rest is null ? null : new ItemsRule(first ?? [], rest);
        }
        if (first is not null || draft == Draft.Of2020)
            throw keywords.Bad("items", "must be a schema; the schemas of the first items are a list in prefixItems");
        var list = keywords.List("items") is [] ? [] : Schemas(keywords, "items", node)!;
        return new ItemsRule(list, Schema(keywords, "additionalItems", node));
    }

    private IEnumerable<Rule> ObjectRules(Keywords keywords, SchemaNode node)
    {
        var (named, patterns, others) = (Map(keywords, "properties", node), Map(keywords, "patternProperties", node), Schema(keywords, "additionalProperties", node));
        if (named.Count > 0 || patterns.Count > 0 || others is not null)
            yield return new PropertiesRule(named, [.. patterns.Select(one => (Pattern(keywords, "patternProperties", one.Name), one.Schema))], others);
        if (Schema(keywords, "propertyNames", node) is { } names)
            yield return new NamesRule(names);
        if (keywords.Names("required") is { Count: > 0 } required)
            yield return new RequiredRule(required);
        if (Range(keywords, "minProperties", "maxProperties") is var (least, most))
            yield return new PropertyCountRule(least, most);
        foreach (var (name, schema) in Map(keywords, "dependentSchemas", node))
            yield return new DependentSchemaRule(name, schema);
        foreach (var needs in keywords.Map("dependentRequired"))
            yield return new DependentNamesRule(needs.Name, keywords.Names("dependentRequired", needs.Value));
        foreach (var needs in keywords.Map("dependencies"))
        {
            yield return needs.Value.ValueKind == JsonValueKind.Array
                ? new DependentNamesRule(needs.Name, keywords.Names("dependencies", needs.Value))
                : new DependentSchemaRule(needs.Name, Node(needs.Value, $"{keywords.At("dependencies")}/{Place.Escape(needs.Name)}", node.Resource));
        }
    }

    private IEnumerable<Rule> CombiningRules(Keywords keywords, SchemaNode node)
    {
        if (Schemas(keywords, "allOf", node) is { } all)
            yield return new AllRule(all);
        if (Schemas(keywords, "anyOf", node) is { } any)
            yield return new AnyRule(any);
        if (Schemas(keywords, "oneOf", node) is { } one)
            yield return new OneRule(one);
        if (Schema(keywords, "not", node) is { } not)
            yield return new NotRule(not, JsonWords.Short(JsonLine.Of(keywords.Get("not")!.Value)));
        var (condition, then, otherwise) = (Schema(keywords, "if", node), Schema(keywords, "then", node), Schema(keywords, "else", node));
        if (condition is not null)
            yield return new ConditionRule(condition, then, otherwise);
    }

    // The last ones: they ask what all others have looked at.
    private IEnumerable<Rule> UnevaluatedRules(Keywords keywords, SchemaNode node)
    {
        if (Schema(keywords, "unevaluatedItems", node) is { } items)
            yield return new UnevaluatedItemsRule(items);
        if (Schema(keywords, "unevaluatedProperties", node) is { } properties)
            yield return new UnevaluatedPropertiesRule(properties);
    }

    private static (int Least, int Most)? Range(Keywords keywords, string least, string most) =>
        (keywords.Count(least), keywords.Count(most)) is (null, null) ? null : (keywords.Count(least) ?? 0, keywords.Count(most) ?? int.MaxValue);
}
