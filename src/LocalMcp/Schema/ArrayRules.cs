using System.Globalization;
using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary><c>prefixItems</c> and <c>items</c>; before 2020-12 <c>items</c> with a list, and <c>additionalItems</c>.</summary>
/// <param name="First">One schema for each of the first items.</param>
/// <param name="Rest">The schema of the others; null when nothing is said of them.</param>
internal sealed record ItemsRule(IReadOnlyList<SchemaNode> First, SchemaNode? Rest) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Array)
            return;
        var index = 0;
        if (Rest?.Always is false && visit.Value.GetArrayLength() is var length && length > First.Count)
            visit.Fail($"must have {Amount.Words(0, First.Count, "item")}, has {length}");
        else
        {
            foreach (var item in visit.Value.EnumerateArray())
            {
                if ((index < First.Count ? First[index] : Rest) is not { } schema)
                    break;
                visit.Add(visit.TryPart(schema, item, index.ToString(CultureInfo.InvariantCulture)));
                index++;
            }
        }
        visit.Evaluated.ItemsBefore(index);
    }
}

/// <summary><c>contains</c>, with <c>minContains</c> and <c>maxContains</c>.</summary>
/// <param name="Evaluates">Whether <c>unevaluatedItems</c> leaves alone what it found: since 2020-12.</param>
internal sealed record ContainsRule(SchemaNode Schema, int Least, int Most, bool Evaluates) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Array)
            return;
        var (index, found) = (0, 0);
        foreach (var item in visit.Value.EnumerateArray())
        {
            if (visit.TryPart(Schema, item, index.ToString(CultureInfo.InvariantCulture)).Count == 0)
            {
                found++;
                if (Evaluates)
                    visit.Evaluated.Item(index);
            }
            index++;
        }
        if (found < Least || found > Most)
            visit.Fail($"must have {Amount.Words(Least, Most, "item")} of the kind that the schema's contains describes, has {found}");
    }
}

/// <summary><c>minItems</c> and <c>maxItems</c>.</summary>
internal sealed record ItemCountRule(int Least, int Most) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type == JsonTypes.Array && visit.Value.GetArrayLength() is var count && (count < Least || count > Most))
            visit.Fail($"must have {Amount.Words(Least, Most, "item")}, has {count}");
    }
}

/// <summary><c>uniqueItems</c>.</summary>
internal sealed record UniqueRule : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Array)
            return;
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in visit.Value.EnumerateArray())
        {
            if (!seen.TryAdd(visit.Canonical(item), index))
            {
                visit.Fail($"must not have the same item twice, and items {seen[visit.Canonical(item)]} and {index} are equal (counted from 0): {JsonWords.Value(item)}");
                return;
            }
            index++;
        }
    }
}

/// <summary><c>unevaluatedItems</c>: what no other rule has looked at.</summary>
internal sealed record UnevaluatedItemsRule(SchemaNode Schema) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.Array)
            return;
        var index = 0;
        foreach (var item in visit.Value.EnumerateArray())
        {
            if (!visit.Evaluated.HasItem(index))
                visit.Add(visit.TryPart(Schema, item, index.ToString(CultureInfo.InvariantCulture)));
            index++;
        }
        visit.Evaluated.ItemsBefore(index);
    }
}
