using System.Text;

namespace LocalMcp.Workspace;

/// <summary>Where the patterns of one settings file begin.</summary>
/// <param name="Relative">For <c>path</c> and <c>./path</c>: Claude's working folder, and here each root.</param>
/// <param name="Slash">For <c>/path</c>: the folder that belongs to the settings file.</param>
/// <param name="Home">For <c>~/path</c>.</param>
internal sealed record RuleBases(IReadOnlyList<string> Relative, IReadOnlyList<string> Slash, string Home);

/// <summary>The rules of one list in one settings file, tried on absolute paths.</summary>
internal sealed class RuleSet
{
    private readonly Func<string, string> words;
    private readonly List<Anchored> forReading = [];
    private readonly List<Anchored> forWritingOnly = [];

    /// <param name="words">A rule's text, as the reason for which a file is hidden.</param>
    public RuleSet(IReadOnlyList<string> rules, RuleBases bases, Func<string, string> words)
    {
        this.words = words;
        var files = rules.Select(DenyRule.Parse).OfType<DenyRule>().Where(rule => !TakesBackFixed(rule.Pattern)).ToList();
        forReading.AddRange(Lists([.. files.Where(rule => rule.HidesReading)], bases));
        forWritingOnly.AddRange(Lists([.. files.Where(rule => !rule.HidesReading)], bases));
    }

    /// <summary>Why a file is hidden; null where no rule hides it.</summary>
    public string? Why(string path, bool isFolder, bool writing) =>
        (writing ? forReading.Concat(forWritingOnly) : forReading).Select(list => list.Cover(path, isFolder)).FirstOrDefault(rule => rule is not null) is { } rule ? words(Shown(rule.Text)) : null;

    private static string Shown(string rule) => ShownText.Of(rule.Length <= 200 ? rule : rule[..160] + "…");

    // A relative pattern with ! takes back what earlier relative ones of its list hide, and nothing else; so those stay together, in their order.
    private static IEnumerable<Anchored> Lists(List<DenyRule> rules, RuleBases bases)
    {
        var relative = rules.Where(rule => IsRelative(rule.Pattern)).ToList();
        foreach (var folder in bases.Relative.SelectMany(Spellings).Distinct())
            yield return new Anchored(folder, relative, [.. relative.Select(rule => Relative(rule.Pattern))]);
        foreach (var rule in rules.Except(relative))
        {
            foreach (var (folder, pattern) in Places(rule.Pattern, bases).Distinct())
                yield return new Anchored(folder, [rule], [pattern]);
        }
    }

    private static bool TakesBackFixed(string pattern) => pattern.StartsWith('!') && !IsRelative(pattern[1..]);

    private static bool IsRelative(string pattern) => !pattern.StartsWith('/') && !pattern.StartsWith("~/", StringComparison.Ordinal) && pattern != "~" && !pattern.StartsWith("../", StringComparison.Ordinal);

    // secrets/** hides a folder of that name at any depth, and ./ is the same as nothing.
    private static string Relative(string pattern)
    {
        var negation = pattern.StartsWith('!') ? "!" : "";
        var plain = pattern[negation.Length..].Trim();
        while (plain.StartsWith("./", StringComparison.Ordinal))
            plain = plain[2..];
        var folder = plain.EndsWith("/**", StringComparison.Ordinal) ? plain[..^3] : plain;
        return negation + (plain is "" or "." ? "**" : folder.Length > 0 && !folder.Contains('/') && folder != "**" ? folder : plain);
    }

    private static IEnumerable<(string Folder, string Pattern)> Places(string pattern, RuleBases bases)
    {
        var (folders, rest) = pattern switch
        {
            _ when pattern.StartsWith("//", StringComparison.Ordinal) => (["/"], pattern[2..]),
            _ when pattern.StartsWith('/') => (bases.Slash, pattern[1..]),
            _ when pattern.StartsWith('~') => ([bases.Home], pattern[1..].TrimStart('/')),
            _ => (bases.Relative, pattern),
        };
        return folders.SelectMany(folder => Spellings(folder).SelectMany(spelling => Below(spelling, rest)));
    }

    // The names that begin a pattern may lead through links, and the paths that it is tried on have none: so it is tried from where they lead as well.
    private static IEnumerable<(string Folder, string Pattern)> Below(string folder, string pattern)
    {
        while (pattern.StartsWith("../", StringComparison.Ordinal))
            (folder, pattern) = (Path.GetDirectoryName(folder) ?? "/", pattern[3..]);
        yield return (folder, "/" + (pattern.Length > 0 ? pattern : "**"));
        var parts = pattern.Split('/');
        var plain = parts.TakeWhile(part => part.Length > 0 && part.IndexOfAny(['*', '?', '[', '\\']) < 0).Count();
        for (var count = Math.Min(plain, parts.Length); count > 0; count--)
        {
            if (Unix.RealPath(Path.Combine(folder, string.Join('/', parts[..count]))) is not { } real)
                continue;
            var rest = string.Join('/', parts[count..]);
            yield return rest.Length > 0 ? (real, "/" + rest) : (Path.GetDirectoryName(real) ?? "/", "/" + Escaped(Path.GetFileName(real)));
            yield break;
        }
    }

    private static string Escaped(string name) => string.Concat(name.Select(letter => letter is '*' or '?' or '[' or '\\' or ' ' ? $"\\{letter}" : letter.ToString()));

    private static IEnumerable<string> Spellings(string folder) => Unix.RealPath(folder) is { } real && real != folder ? [folder, real] : [folder];

    private sealed record Anchored(string Folder, IReadOnlyList<DenyRule> Rules, IReadOnlyList<string> Patterns)
    {
        private readonly string prefix = Folder.TrimEnd('/') + "/";
        private readonly PathPatterns asWritten = PathPatterns.Parse(Patterns, ignoreCase: true);
        private readonly PathPatterns decomposed = PathPatterns.Parse(Patterns.Select(NormalForm.Decomposed), ignoreCase: true);

        public DenyRule? Cover(string path, bool isFolder)
        {
            if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return null;
            var below = path[prefix.Length..];
            var place = asWritten.Cover(below, isFolder) ?? (Ascii.IsValid(below) ? null : decomposed.Cover(NormalForm.Decomposed(below), isFolder));
            return place is { } found ? Rules[found] : null;
        }
    }
}
