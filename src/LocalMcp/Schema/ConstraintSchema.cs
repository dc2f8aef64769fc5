using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalMcp.Schema;

/// <summary>
/// A plainer schema for the backend, made from what a schema means: types, properties, items, enumerations, alternatives, and bounds that are not
/// too wide. Backends make grammars of schemas, and what they do not know they refuse, ignore or take for something else: llama.cpp (build 11669)
/// never comes to an end with minLength above maxLength, reads allOf of a type and a length as an object, and fails at the end of an answer with
/// some patterns. What is left out here is only checked afterwards.
/// </summary>
internal sealed class ConstraintSchema
{
    // Conversion takes longer than a token beyond these: 0.05 s for 200 optional properties of one object and 3 s for 1,000; 0.25 s for 500 values and 1.8 s for 3,000 (2 slow cores).
    private const int MostParts = 2_000;
    private const int MostValues = 200;
    private const int MostOptional = 100;

    // llama.cpp refuses repetitions beyond 2,000.
    private const int LongestRepetition = 1_000;
    private const long LargestBound = 1_000_000_000_000_000;

    // What llama.cpp has rules for: common/json-schema-to-grammar.cpp.
    private static readonly HashSet<string> Formats = ["date", "time", "date-time", "uuid"];

    private readonly Dictionary<Rule, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Part> parts = new(StringComparer.Ordinal);

    private ConstraintSchema()
    {
    }

    /// <summary>The plainer schema; null when it would be too large, or when no value can be valid.</summary>
    public static JsonElement? Of(SchemaDocument document)
    {
        var constraint = new ConstraintSchema();
        try
        {
            return constraint.Whole(document.Root) is { } whole ? Element(whole) : null;
        }
        catch (Exception failed) when (failed is TooLarge or RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private JsonObject? Whole(SchemaNode root)
    {
        if (Written([root]) is not { } written)
            return null;
        // By itself an empty schema is an object for some.
        var whole = written.Count > 0 ? written : Types(JsonTypes.Any);
        JsonObject shared = new(parts.Values.Where(part => part.IsShared).Select(part => KeyValuePair.Create(part.Name, part.Schema?.DeepClone())));
        if (shared.Any(part => part.Value is null))
            return null;
        if (shared.Count > 0)
            whole["$defs"] = shared;
        return whole;
    }

    // What all of these schemas say together; null when no value fits them all.
    private JsonObject? Written(IEnumerable<SchemaNode> schemas) => Conjunction.Of(schemas) is { } conjunction ? Written(conjunction) : null;

    private JsonObject? Written(Conjunction all)
    {
        if (all.Rules.Count == 0)
            return [];
        var key = string.Join(' ', all.Rules.Select(Number).Order());
        if (parts.TryGetValue(key, out var known))
        {
            known.IsShared = true;
            return new JsonObject { ["$ref"] = $"#/$defs/{known.Name}" };
        }
        if (parts.Count == MostParts)
            throw new TooLarge();
        var part = parts[key] = new Part($"s{parts.Count + 1}");
        return part.Schema = all.Alternatives is { } alternatives ? Alternatives(all, alternatives) : Typed(all);
    }

    private int Number(Rule rule)
    {
        if (!numbers.TryGetValue(rule, out var number))
            numbers[rule] = number = numbers.Count;
        return number;
    }

    // Each alternative with all that is beside it.
    private JsonObject? Alternatives(Conjunction all, Rule alternatives)
    {
        var written = alternatives.InPlace.Select(one => all.With(alternatives, one) is { } both ? Written(both) : null).OfType<JsonObject>().ToList();
        return written switch
        {
            [] => null,
            [var only] => only,
            // One that lets everything pass makes the others needless.
            _ when written.Exists(one => one.Count == 0) => [],
            _ => new JsonObject { ["anyOf"] = new JsonArray([.. written]) },
        };
    }

    private JsonObject? Typed(Conjunction all)
    {
        if (all.Values is { } values)
            return values.Count == 0 ? null : values.Count <= MostValues ? Enumeration(values) : Types(values.Select(JsonTypeNames.Of).Aggregate((some, one) => some | one));
        var types = all.Types;
        if (types == JsonTypes.Any && !all.SaysSomethingOf(JsonTypes.Any))
            return [];
        var written = JsonTypeNames.NamesOf(types).Select(name => One(name, all)).OfType<JsonObject>().ToList();
        return written switch
        {
            [] => null,
            [var only] => only,
            _ => new JsonObject { ["anyOf"] = new JsonArray([.. written]) },
        };
    }

    private JsonObject? One(string type, Conjunction all) => type switch
    {
        "object" => Object(all),
        "array" => Array(all),
        "string" => String(all),
        "integer" => Integer(all),
        _ => new JsonObject { ["type"] = type },
    };

    private static JsonObject Enumeration(IReadOnlyList<JsonElement> values) => new() { ["enum"] = new JsonArray([.. values.Select(value => JsonNode.Parse(value.GetRawText()))]) };

    private static JsonObject Types(JsonTypes types) => new() { ["anyOf"] = new JsonArray([.. JsonTypeNames.NamesOf(types).Select(name => new JsonObject { ["type"] = name })]) };

    // Without maxLength: an answer that a grammar ends in the middle of a text would be valid, and cut.
    private static JsonObject String(Conjunction all)
    {
        var written = new JsonObject { ["type"] = "string" };
        if (all.Rules.OfType<FormatRule>().FirstOrDefault(rule => Formats.Contains(rule.Name)) is { } format)
            written["format"] = format.Name;
        else if (all.Rules.OfType<LengthRule>().Select(rule => rule.Least).DefaultIfEmpty().Max() is > 0 and var least)
            written["minLength"] = Math.Min(least, LongestRepetition);
        return written;
    }

    private static JsonObject? Integer(Conjunction all)
    {
        var (least, most) = (Bounds(all, true).DefaultIfEmpty(long.MinValue).Max(), Bounds(all, false).DefaultIfEmpty(long.MaxValue).Min());
        if (least > most)
            return null;
        var written = new JsonObject { ["type"] = "integer" };
        if (least > long.MinValue)
            written["minimum"] = least;
        if (most < long.MaxValue)
            written["maximum"] = most;
        return written;
    }

    // As whole numbers that are allowed themselves; fractions and what is beyond long are left out.
    private static IEnumerable<long> Bounds(Conjunction all, bool least) => all.Rules.OfType<BoundRule>()
        .Where(rule => rule.IsLeast == least && rule.Number.Whole is > -LargestBound and < LargestBound)
        .Select(rule => rule.Number.Whole!.Value + (rule.IsExclusive ? least ? 1 : -1 : 0));

    private JsonObject? Array(Conjunction all)
    {
        var written = new JsonObject { ["type"] = "array" };
        var counts = all.Rules.OfType<ItemCountRule>().ToList();
        var (least, most) = (counts.Select(rule => rule.Least).DefaultIfEmpty().Max(), counts.Select(rule => rule.Most).DefaultIfEmpty(int.MaxValue).Min());
        var items = all.Rules.OfType<ItemsRule>().ToList();
        if (items.Find(rule => rule.First.Count > 0) is { } tuple && least <= tuple.First.Count)
            return Tuple(written, items, Math.Min(tuple.First.Count, most));
        if (Written(items.Select(rule => rule.Rest).OfType<SchemaNode>()) is { } item)
            written["items"] = items.Exists(rule => rule.First.Count > 0) ? new JsonObject() : item;
        else
            most = 0;
        if (least > most)
            return null;
        if (least > 0)
            written["minItems"] = Math.Min(least, LongestRepetition);
        if (most <= LongestRepetition)
            written["maxItems"] = most;
        return written;
    }

    // As many items as are named, which is what is meant nearly always.
    private JsonObject? Tuple(JsonObject written, List<ItemsRule> rules, int count)
    {
        var first = new JsonArray();
        for (var index = 0; index < count; index++)
        {
            if (Written(rules.Select(rule => index < rule.First.Count ? rule.First[index] : rule.Rest).OfType<SchemaNode>()) is not { } item)
                return null;
            first.Add((JsonNode)item);
        }
        written["prefixItems"] = first;
        written["minItems"] = count;
        written["maxItems"] = count;
        return written;
    }

    private JsonObject? Object(Conjunction all)
    {
        var written = new JsonObject { ["type"] = "object" };
        var rules = all.Rules.OfType<PropertiesRule>().ToList();
        var required = all.Rules.OfType<RequiredRule>().SelectMany(rule => rule.Names).Distinct().ToList();
        var properties = new JsonObject();
        foreach (var name in rules.SelectMany(rule => rule.Named).Select(one => one.Name).Concat(required).Distinct())
        {
            if (Written(rules.SelectMany(rule => rule.For(name))) is { } property)
                properties[name] = property;
            else if (required.Contains(name))
                return null;
        }
        if (properties.Count - required.Count > MostOptional)
            return written;
        if (properties.Count > 0)
            written["properties"] = properties;
        if (required.Count > 0)
            written["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        if (Others(all, rules, properties.Count) is { } others)
            written["additionalProperties"] = others;
        return written;
    }

    // What properties without a name may be. A model that is given names is to keep to them, unless the schema says that there are others.
    private JsonNode? Others(Conjunction all, List<PropertiesRule> rules, int named)
    {
        var closed = rules.Exists(rule => rule is { Others.Always: false, Patterns.Count: 0 });
        if (!closed && rules is [{ Patterns.Count: 0, Others: { Always: null } schema }])
            return Written([schema]) ?? (JsonNode)JsonValue.Create(false);
        var more = named == 0 || all.MayNameOthers || rules.Exists(rule => rule.Patterns.Count > 0 || rule.Others is { Always: not false }) || all.Rules.OfType<PropertyCountRule>().Any(rule => rule.Least > named);
        return !closed && more ? (named == 0 ? null : JsonValue.Create(true)) : JsonValue.Create(false);
    }

    private static JsonElement Element(JsonObject json)
    {
        using var document = JsonDocument.Parse(json.ToJsonString(), new JsonDocumentOptions { MaxDepth = 1_000 });
        return document.RootElement.Clone();
    }

    /// <summary>Something that has been written, or is being written.</summary>
    private sealed class Part(string name)
    {
        public string Name => name;

        public JsonObject? Schema { get; set; }

        /// <summary>Whether something leads here by its name.</summary>
        public bool IsShared { get; set; }
    }

    private sealed class TooLarge : Exception;
}
