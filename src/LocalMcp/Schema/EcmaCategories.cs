namespace LocalMcp.Schema;

/// <summary>General categories of Unicode, by all names that ECMA-262 has for them (its table 69, after Unicode's PropertyValueAliases.txt).</summary>
internal static class EcmaCategories
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["Other"] = "C",
        ["Control"] = "Cc",
        ["cntrl"] = "Cc",
        ["Format"] = "Cf",
        ["Unassigned"] = "Cn",
        ["Private_Use"] = "Co",
        ["Surrogate"] = "Cs",
        ["Letter"] = "L",
        ["Lowercase_Letter"] = "Ll",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Titlecase_Letter"] = "Lt",
        ["Uppercase_Letter"] = "Lu",
        ["Mark"] = "M",
        ["Combining_Mark"] = "M",
        ["Spacing_Mark"] = "Mc",
        ["Enclosing_Mark"] = "Me",
        ["Nonspacing_Mark"] = "Mn",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Connector_Punctuation"] = "Pc",
        ["Dash_Punctuation"] = "Pd",
        ["Close_Punctuation"] = "Pe",
        ["Final_Punctuation"] = "Pf",
        ["Initial_Punctuation"] = "Pi",
        ["Other_Punctuation"] = "Po",
        ["Open_Punctuation"] = "Ps",
        ["Symbol"] = "S",
        ["Currency_Symbol"] = "Sc",
        ["Modifier_Symbol"] = "Sk",
        ["Math_Symbol"] = "Sm",
        ["Other_Symbol"] = "So",
        ["Separator"] = "Z",
        ["Line_Separator"] = "Zl",
        ["Paragraph_Separator"] = "Zp",
        ["Space_Separator"] = "Zs",
    };

    private static readonly HashSet<string> Known = [.. ShortNames.Values];

    /// <summary>The name of one or two letters that .NET has; null for what is no general category.</summary>
    public static string? ShortName(string name) => ShortNames.GetValueOrDefault(name) ?? (Known.Contains(name) ? name : null);
}
