using System.Globalization;
using LocalMcp.Models;

namespace LocalMcp.Workspace;

/// <summary>What may have been meant by what is not there. Nothing that is hidden is named.</summary>
internal sealed class NearbyFiles(Roots roots, HiddenFiles hidden, CancellationToken cancellationToken)
{
    private const int MostNames = 3;

    // Each is compared letter by letter.
    private const int MostCompared = 5_000;

    /// <summary>A phrase for each of these names of files, of which there is none.</summary>
    public IReadOnlyDictionary<string, string> OfMissing(IReadOnlyList<string> names)
    {
        var elsewhere = new FileWalk(roots, cancellationToken).Find([.. names.Take(Refusals.MostListed).Select(name => FileGlob.Of($"**/{Leaf(Plain(name))}", name))]).Found.Select(file => file.Name).ToLookup(Leaf);
        return names.Distinct().Index().ToDictionary(entry => entry.Item, entry => entry.Index < Refusals.MostListed ? OfMissing(entry.Item, elsewhere[Leaf(Plain(entry.Item))]) : "there is no such file");
    }

    /// <summary>A phrase for a pattern that no file matches.</summary>
    /// <param name="walk">The walk that did not find one.</param>
    public string OfPattern(string pattern, FileWalk walk)
    {
        if (walk.IgnoredOf(pattern) is var ignored and > 0)
            return Text($"no file matches but {ignored:N0} that .gitignore names; these can be named without a pattern");
        var parts = pattern.Split('/').Where(part => part is not ("" or ".")).ToList();
        var plain = parts.TakeWhile(part => !FileGlob.IsOne(part)).ToList();
        if (plain.Count > 0 && FirstMissing(plain) is { } missing)
            return $"there is no folder {ShownText.Of(string.Join('/', plain.Take(missing + 1)))}{List(Near(plain, missing))}";
        if (Kinds(string.Join('/', parts.SkipLast(1).Append("*"))) is { Length: > 0 } kinds)
            return $"no file matches; in its place are {kinds}";
        var deep = $"**/{parts[^1]}";
        return Matches(deep) is var count and > 0 ? Text($"no file matches; {ShownText.Of(deep)} matches {count:N0}") : "no file matches";
    }

    private string OfMissing(string name, IEnumerable<string> elsewhere)
    {
        if (name.IndexOf(':') is var colon and > 0 && IsReadable(name[..colon]))
            return $"there is no such file; lines of {ShownText.Of(name[..colon])} are named like {ShownText.Of(name[..colon])}:10-80";
        name = Plain(name);
        var parts = name.Split('/').Where(part => part is not ("" or ".")).ToList();
        var near = FirstMissing(parts) is { } missing ? Near(parts, missing) : [];
        var others = elsewhere.ToList();
        return "there is no such file" + List([.. near.Concat(NearestNames.Of(name, others, MostNames)).Concat(others.OrderBy(other => other.Length)).Where(IsReadable).Distinct().Take(MostNames)]);
    }

    // The place of the first part that is not there.
    private int? FirstMissing(List<string> parts)
    {
        for (var count = 1; count <= parts.Count; count++)
        {
            if (!Exists(string.Join('/', parts.Take(count))))
                return count - 1;
        }
        return null;
    }

    // What is like it in its folder, and what would then follow it where that is there.
    private List<string> Near(List<string> parts, int missing)
    {
        var folder = string.Concat(parts.Take(missing).Select(part => part + "/"));
        var rest = string.Join('/', parts.Skip(missing + 1));
        return
        [
            .. NearestNames.Of(parts[missing], Names(folder), MostNames)
                .Select(name => rest.Length > 0 && Exists($"{folder}{name}/{rest}") ? $"{folder}{name}/{rest}" : folder + name)
                .Where(IsReadable),
        ];
    }

    private IReadOnlyList<string> Names(string folder)
    {
        try
        {
            var place = folder.Length == 0 ? roots.Folders : [FullPath(ProjectPath.Of(folder, roots))];
            return [.. place.SelectMany(Directory.EnumerateFileSystemEntries).Take(MostCompared).Select(path => Path.GetFileName(path)!)];
        }
        catch (Exception unreadable) when (unreadable is LocalMcpException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Kinds(string pattern)
    {
        var kinds = Found(pattern).GroupBy(Path.GetExtension).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal).Take(MostNames);
        return Words([.. kinds.Select(kind => Text($"{kind.Count():N0} {(kind.Key!.Length > 0 ? "*" + ShownText.Of(kind.Key) : "without an extension")}"))]);
    }

    private int Matches(string pattern) => Found(pattern).Count;

    private List<string> Found(string pattern) =>
        Braces.Expand(pattern, FileReference.MostAlternatives) is { } patterns ? [.. new FileWalk(roots, cancellationToken).Find([.. patterns.Select(one => FileGlob.Of(one, pattern))]).Found.Select(file => file.Name)] : [];

    private bool Exists(string name) => Found(name, _ => true);

    private bool IsReadable(string name) => Found(name, path => (Directory.Exists(FullPath(path)) ? hidden.WhyFolder(path, writing: false) : hidden.Why(path, writing: false)) is null);

    private bool Found(string name, Func<ProjectPath, bool> suits)
    {
        try
        {
            var path = ProjectPath.Of(name, roots, mayBeMissing: true);
            return path.Exists && suits(path);
        }
        catch (LocalMcpException)
        {
            return false;
        }
    }

    private static string List(List<string> names) => names.Count == 0 ? "" : $"; near it {(names.Count == 1 ? "is" : "are")} {Words([.. names.Select(Refusals.Shown)])}";

    private static string Words(List<string> words) => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Plain(string reference) => LineRange.Split(reference) is var (path, _) ? path : reference;

    private static string Leaf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string FullPath(ProjectPath path) => path.Real.Length == 0 ? path.Root : $"{path.Root}/{path.Real}";
}
