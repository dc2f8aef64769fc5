using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>All that some schemas say together of one value: their rules, with those of all that they refer to, in one list.</summary>
internal sealed class Conjunction
{
    private readonly HashSet<SchemaNode> seen = [];
    private readonly List<Rule> rules = [];
    private bool isImpossible;

    /// <summary>Without <c>$ref</c> and <c>allOf</c>, which are resolved.</summary>
    public IReadOnlyList<Rule> Rules => rules;

    /// <summary>The first rule that asks for one of several schemas, or null.</summary>
    public Rule? Alternatives => rules.Find(rule => rule is AnyRule or OneRule);

    /// <summary>Whether rules that are not looked into may speak of properties that no other names.</summary>
    public bool MayNameOthers => rules.Exists(rule => rule is ConditionRule or DependentSchemaRule or DependentNamesRule or UnevaluatedPropertiesRule { Schema.Always: not false });

    /// <summary>The values of an enumeration that all enumerations have, and that have the right type; null where there is none.</summary>
    public IReadOnlyList<JsonElement>? Values => rules.OfType<EnumRule>().ToList() is [var first, .. var others]
        ? [.. first.Values.Where(value => others.TrueForAll(other => other.Has(value)) && Said.HasFlag(JsonTypeNames.Of(value)))]
        : null;

    /// <summary>The types that are allowed. Where nothing is said of them, what has properties is meant as an object, and what has items as an array.</summary>
    public JsonTypes Types => Said != JsonTypes.Any ? Said : SaysSomethingOf(JsonTypes.Object) ? JsonTypes.Object : SaysSomethingOf(JsonTypes.Array) ? JsonTypes.Array : JsonTypes.Any;

    private JsonTypes Said => rules.OfType<TypeRule>().Aggregate(JsonTypes.Any, (all, rule) => all & rule.Types);

    /// <summary>The rules of all schemas together; null when one of them lets nothing pass.</summary>
    public static Conjunction? Of(IEnumerable<SchemaNode> schemas)
    {
        var all = new Conjunction();
        foreach (var schema in schemas)
            all.Take(schema);
        return all.isImpossible ? null : all;
    }

    /// <summary>The same with one alternative in the place of them all; null when it lets nothing pass.</summary>
    public Conjunction? With(Rule alternatives, SchemaNode one)
    {
        var both = new Conjunction();
        both.rules.AddRange(rules.Where(rule => !ReferenceEquals(rule, alternatives)));
        both.seen.UnionWith(seen);
        both.Take(one);
        return both.isImpossible ? null : both;
    }

    /// <summary>Whether some rule is about values of this type, and of no other.</summary>
    public bool SaysSomethingOf(JsonTypes type) => rules.Exists(rule => rule switch
    {
        PropertiesRule or RequiredRule or PropertyCountRule => type.HasFlag(JsonTypes.Object),
        ItemsRule or ItemCountRule => type.HasFlag(JsonTypes.Array),
        LengthRule or FormatRule => type == JsonTypes.Any,
        _ => false,
    });

    private void Take(SchemaNode schema)
    {
        if (!seen.Add(schema))
            return;
        isImpossible |= schema.Always is false;
        foreach (var rule in schema.Rules)
        {
            if (rule is ReferenceRule or AllRule)
            {
                foreach (var inner in rule.InPlace)
                    Take(inner);
            }
            else
                rules.Add(rule);
        }
    }
}
