using System.Text;
using LocalMcp.Workspace;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// Patterns: lines of a .gitignore, and names with wildcards and braces. Each takes no longer than path times pattern, and short ones mean what a matcher says that only tries
/// everything; lists of them mean what git says, where there is one.
/// </summary>
internal sealed class GlobFuzzer : Fuzzer
{
    // One sound list in so many is shown to git: that is a process.
    private const int ToGit = 150;

    public override string Name => "globs";

    public override int Rounds => 2_000;

    public override IReadOnlyList<string> Tokens => ["*", "**", "/**/", "**/", "/**", "?", "[a-c]", "[!a]", "[^/]", "[]a]", "[a-", "[[:alpha:]]", "[[:", ":]", "]", "\\", "\\*", "!", "#", "/", "{a,b}", "{", "}", ",", "{a,{b,c}}", "a", "b", ".", " ", "\\ "];

    // What is long and hostile: nobody writes it, and a project that somebody else wrote may have it.
    public override IEnumerable<byte[]> Hostile() => new[] { Times("**/", 80_000) + "x", Times("*a", 2_000) + "b", Times("[[:", 80_000) + "]", Times("{", 3_000) + "," + Times("}", 3_000), "*" + Times("[a", 4_000), Times("a/**/", 10_000), Times("\\", 100_001), Times("!", 100_000) }.Select(Encoding.UTF8.GetBytes);

    public override Task TryAsync(byte[] input, Random random)
    {
        var text = Encoding.UTF8.GetString(input);
        var path = PathFrom(text, random);
        var rules = IgnoreRules.None.With("", text);
        _ = rules.Ignore(path, isFolder: false);
        _ = PathPatterns.Parse(text.Split('\n').Take(500), ignoreCase: true).Cover(path, isFolder: true);
        foreach (var line in text.Split('\n').Take(20))
            Compare(line, path, random);
        return Task.CompletedTask;
    }

    public override async Task TrySoundAsync(Random random)
    {
        for (var i = 0; i < 20; i++)
            Compare(Random(random, Tokens, 7), Random(random, ["a", "b", "c", ".", "/"], 9).Trim('/').Replace("//", "/", StringComparison.Ordinal), random);
        if (random.Next(ToGit) == 0 && GitOracle.IsThere)
            await CompareWithGitAsync(random);
    }

    private static void Compare(string line, string path, Random random)
    {
        var isFolder = random.Next(2) == 0;
        var pattern = PathPattern.Parse(line, ignoreCase: false);
        var matches = pattern.Matches(path, isFolder);
        if (line.Length <= 40 && path.Length <= 40 && NaivePattern.CanTell(line, path))
            BrokenException.Unless(matches == NaivePattern.Matches(line, path, isFolder), $"\"{line}\" {(matches ? "matches" : "does not match")} \"{path}\"{(isFolder ? ", a folder" : "")}");
        BrokenException.Unless(!matches || pattern.Covers(path, isFolder), "matched and not covered");
        var name = path[(path.LastIndexOf('/') + 1)..];
        foreach (var one in Braces.Expand(line, FileReference.MostAlternatives) ?? [])
        {
            _ = Wildcards.Match(one, name);
            var glob = FileGlob.Of(one, line);
            foreach (var state in glob.Start)
                _ = (glob.TakesFile(state, name), glob.Enter(state, name).Count());
        }
        BrokenException.Unless(Wildcards.Match("*", name) && Wildcards.Match(name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal), name), $"a name does not match itself: {name}");
    }

    private async Task CompareWithGitAsync(Random random)
    {
        string[] letters = ["a", "b", "c", "A", ".", "/", "-"];
        var lists = Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => Random(random, [.. Tokens, .. letters], 7)).ToArray()).ToList();
        var paths = Enumerable.Range(0, 20).Select(_ => string.Join('/', Random(random, letters, 9).Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name.Trim('.').Length > 0))).Where(path => path.Length > 0).Distinct().ToList();
        var said = await GitOracle.CoversAsync(lists, paths);
        foreach (var (index, list) in lists.Index())
        {
            var patterns = PathPatterns.Parse(list.Where(line => line.Length > 0 && line[0] != '#'), ignoreCase: false);
            foreach (var path in paths)
                BrokenException.Unless(patterns.Covers(path, isFolder: false) == said[(index, path)], $"git says {(said[(index, path)] ? "yes" : "no")}: [{string.Join(" | ", list)}] on {path}");
        }
    }

    // Of the letters of the pattern, so that something matches.
    private static string PathFrom(string text, Random random)
    {
        var path = new StringBuilder();
        var letters = text.Length == 0 ? "a" : text;
        for (var count = random.Next(1, random.Next(4) == 0 ? 300 : 20); count > 0; count--)
            path.Append(random.Next(4) == 0 ? "ab/."[random.Next(4)] : letters[random.Next(Math.Min(letters.Length, 60))]);
        var names = path.ToString().Split(['/', '\n', '\0', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0 ? "a" : string.Join('/', names);
    }

    private static string Random(Random random, IReadOnlyList<string> parts, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => parts[random.Next(parts.Count)]));

    private static string Times(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
