using System.Globalization;
using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary><c>type</c>.</summary>
internal sealed record TypeRule(JsonTypes Types) : Rule
{
    public override void Check(Visit visit)
    {
        if (!Types.HasFlag(visit.Type))
            visit.Fail($"must be {JsonTypeNames.Words(Types)}, is {JsonWords.Value(visit.Value)}", Types);
    }
}

/// <summary><c>enum</c>, and <c>const</c>, which is one with a single value.</summary>
internal sealed record EnumRule(IReadOnlyList<JsonElement> Values) : Rule
{
    private readonly HashSet<string> canonical = [.. Values.Select(CanonicalJson.Of)];

    /// <summary>Whether a value is one of them.</summary>
    public bool Has(JsonElement value) => canonical.Contains(CanonicalJson.Of(value));

    public override void Check(Visit visit)
    {
        if (!canonical.Contains(visit.Canonical(visit.Value)))
            visit.Fail($"must be {(Values.Count == 1 ? "" : "one of ")}{JsonWords.List(Values)}, is {JsonWords.Value(visit.Value)}");
    }
}

/// <summary><c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c> or <c>exclusiveMaximum</c>.</summary>
/// <param name="Limit">The number as the schema writes it.</param>
internal sealed record BoundRule(string Limit, ExactNumber Number, bool IsLeast, bool IsExclusive) : Rule
{
    public override void Check(Visit visit)
    {
        if ((visit.Type & JsonTypes.Number) == 0)
            return;
        if (ExactNumber.Parse(visit.Value.GetRawText()) is not { } number)
            visit.Fail("is a number with too many digits");
        else if ((IsLeast ? number.CompareTo(Number) : Number.CompareTo(number)) is var over && (IsExclusive ? over <= 0 : over < 0))
            visit.Fail($"must be {Words} {Limit}, is {JsonWords.Value(visit.Value)}");
    }

    private string Words => (IsLeast, IsExclusive) switch
    {
        (true, true) => "more than",
        (true, false) => "at least",
        (false, true) => "less than",
        (false, false) => "at most",
    };
}

/// <summary><c>multipleOf</c>, without rounding.</summary>
internal sealed record MultipleRule(string Of, ExactNumber Number) : Rule
{
    public override void Check(Visit visit)
    {
        if ((visit.Type & JsonTypes.Number) != 0 && ExactNumber.Parse(visit.Value.GetRawText())?.IsMultipleOf(Number) is not true)
            visit.Fail($"must be a multiple of {Of}, is {JsonWords.Value(visit.Value)}");
    }
}

/// <summary><c>minLength</c> and <c>maxLength</c>, in code points.</summary>
internal sealed record LengthRule(int Least, int Most) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type != JsonTypes.String)
            return;
        var text = visit.Value.GetString()!;
        var length = text.Length - text.Count(char.IsLowSurrogate);
        if (length < Least || length > Most)
            visit.Fail($"must have {Amount.Words(Least, Most, "character")}, has {length}: {JsonWords.Value(visit.Value)}");
    }
}

/// <summary><c>pattern</c>.</summary>
internal sealed record PatternRule(EcmaPattern Pattern) : Rule
{
    public override void Check(Visit visit)
    {
        if (visit.Type == JsonTypes.String && !visit.Matches(Pattern, visit.Value.GetString()!))
            visit.Fail($"must match the regular expression {Pattern.Source}, is {JsonWords.Value(visit.Value)}");
    }
}

/// <summary><c>format</c>: nothing is checked, as the specification has it by default. A backend may write after it.</summary>
internal sealed record FormatRule(string Name) : Rule
{
    public override void Check(Visit visit)
    {
    }
}

/// <summary>How many there must be, in words.</summary>
internal static class Amount
{
    public static string Words(int least, int most, string one, string? several = null) => (least, most) switch
    {
        (_, int.MaxValue) => $"at least {Count(least, one, several)}",
        (0, _) => $"at most {Count(most, one, several)}",
        _ when least == most => $"exactly {Count(least, one, several)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{least} to {most} {several ?? one + "s"}"),
    };

    private static string Count(int number, string one, string? several) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : several ?? one + "s")}");
}
