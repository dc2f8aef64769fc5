namespace LocalMcp.Schema;

/// <summary>Refuses schemas that lead back to themselves without a step into the answer: no check of them would ever end.</summary>
internal static class SchemaLoops
{
    // Nobody writes longer chains, and a check has to walk them for every value.
    private const int LongestChain = 100;

    /// <exception cref="LocalMcpException">There is such a loop, or a chain of references that is too long.</exception>
    public static void Refuse(IEnumerable<SchemaNode> nodes)
    {
        Dictionary<SchemaNode, int?> lengths = [];
        foreach (var node in nodes)
            Length(node, lengths, 0);
    }

    // How many schemas one after the other are applied to the same value, at most. Null while that is still being counted.
    private static int Length(SchemaNode node, Dictionary<SchemaNode, int?> lengths, int depth)
    {
        if (lengths.TryGetValue(node, out var known))
            return known ?? throw SchemaReader.Refusal(node.Location, "leads back to itself by $ref, allOf, anyOf, oneOf, not, if or dependentSchemas alone, without a step into the answer");
        lengths[node] = null;
        var length = 1 + (depth < LongestChain ? node.Rules.SelectMany(rule => rule.InPlace).Select(inner => Length(inner, lengths, depth + 1)).DefaultIfEmpty().Max() : LongestChain);
        lengths[node] = length;
        return length <= LongestChain ? length : throw SchemaReader.Refusal(node.Location, $"leads through more than {LongestChain} schemas, one after the other");
    }
}
