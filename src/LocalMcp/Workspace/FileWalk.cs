using System.IO.Enumeration;

namespace LocalMcp.Workspace;

/// <summary>
/// One look through the roots for the files that patterns mean. It does not follow links to folders, but for those that a pattern spells; it does not look into .git and
/// node_modules, nor into what .gitignore names, unless a pattern spells that. What is found is not judged.
/// </summary>
internal sealed class FileWalk(Roots roots, CancellationToken cancellationToken)
{
    /// <summary>The most names that one walk looks at: what takes about a second. A project has less where .gitignore names what is built in it; a home folder or a disk has more.</summary>
    public const int MostNames = 100_000;

    private const int LongestIgnoreFile = 1024 * 1024;
    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private static readonly string[] NeverEntered = [".git", "node_modules"];

    private readonly HashSet<FoundFile> found = [];
    private readonly List<FoundFile> unreadable = [];
    private readonly HashSet<string> matched = [];
    private readonly Dictionary<string, int> ignored = [];

    /// <summary>The files, by name.</summary>
    public IReadOnlyList<FoundFile> Found => [.. found.OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Folders that could not be looked into.</summary>
    public IReadOnlyList<FoundFile> Unreadable => unreadable;

    /// <summary>How many files were not taken because of .gitignore, beside those of whole folders.</summary>
    public int Ignored { get; private set; }

    /// <summary>How many names were looked at.</summary>
    public int Names { get; private set; }

    /// <summary>Whether there are more names than may be looked at, so that files may be missing.</summary>
    public bool IsCut => Names > MostNames;

    /// <summary>Whether there was a file for what was asked for.</summary>
    public bool HasFound(string reference) => matched.Contains(reference);

    /// <summary>The same for what was asked for.</summary>
    public int IgnoredOf(string reference) => ignored.GetValueOrDefault(reference);

    /// <summary>Looks for the files of all these patterns at once.</summary>
    public FileWalk Find(IReadOnlyList<FileGlob> globs)
    {
        foreach (var root in roots.Folders)
        {
            var waiting = new Stack<Place>([new Place(root, "", [.. globs.SelectMany(glob => glob.Start)], IgnoreRules.None)]);
            while (!IsCut && waiting.TryPop(out var place))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Look(place, waiting);
            }
        }
        return this;
    }

    private void Look(Place place, Stack<Place> waiting)
    {
        var entries = Entries(place);
        if (entries.Exists(entry => entry is { Name: ".gitignore", IsFolder: false }))
            place = place with { Rules = place.Rules.With(place.Folder, IgnoreText(place, place.Below(".gitignore"))) };
        foreach (var entry in entries)
        {
            if (entry.IsFolder)
                Enter(place, entry, waiting);
            else
                Take(place, entry.Name);
        }
    }

    private void Take(Place place, string name)
    {
        var takers = place.States.Where(state => state.Glob.TakesFile(state, name)).ToList();
        if (takers.Count == 0)
            return;
        if (!takers.Exists(state => state.Glob.Spells(state, name)) && place.Rules.Ignore(place.Below(name), isFolder: false))
        {
            Ignored++;
            foreach (var reference in takers.Select(state => state.Glob.Reference).Distinct())
                ignored[reference] = IgnoredOf(reference) + 1;
            return;
        }
        found.Add(new FoundFile(place.Root, place.Below(name)));
        matched.UnionWith(takers.Select(state => state.Glob.Reference));
    }

    private void Enter(Place place, Entry entry, Stack<Place> waiting)
    {
        var path = place.Below(entry.Name);
        var spelled = Next(place.States.Where(state => state.Glob.Spells(state, entry.Name)), entry.Name);
        var walked = entry.IsLink || NeverEntered.Contains(entry.Name) ? [] : Next(place.States.Where(state => !state.Glob.Spells(state, entry.Name)), entry.Name);
        if (walked.Count > 0 && place.Rules.Ignore(path, isFolder: true))
            walked = [];
        if (spelled.Count + walked.Count > 0 && (!entry.IsLink || LeadsInside(place, path)))
            waiting.Push(place with { Folder = path, States = [.. spelled.Concat(walked).Distinct()] });
    }

    private static List<GlobState> Next(IEnumerable<GlobState> states, string name) => [.. states.SelectMany(state => state.Glob.Enter(state, name)).Distinct()];

    private bool LeadsInside(Place place, string link)
    {
        try
        {
            return ProjectPath.Of(link, roots.From(place.Root)).Exists;
        }
        catch (LocalMcpException)
        {
            return false;
        }
    }

    // By name, so that a walk that is cut is cut at the same place in every call.
    private List<Entry> Entries(Place place)
    {
        List<Entry> entries = [];
        try
        {
            foreach (var entry in new FileSystemEnumerable<Entry>(place.Path, Read, All))
            {
                if (++Names > MostNames)
                    break;
                entries.Add(entry);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            unreadable.Add(new FoundFile(place.Root, place.Folder));
        }
        entries.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return entries;
    }

    private static Entry Read(ref FileSystemEntry entry) =>
        new(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint));

    private string IgnoreText(Place place, string path)
    {
        try
        {
            using var file = ProjectPath.Of(path, roots.From(place.Root)).OpenToRead();
            return FileBytes.Read(file, LongestIgnoreFile, cancellationToken) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : "";
        }
        catch (Exception failure) when (failure is LocalMcpException or IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink);

    private sealed record Place(string Root, string Folder, IReadOnlyList<GlobState> States, IgnoreRules Rules)
    {
        public string Path => Folder.Length == 0 ? Root : $"{Root}/{Folder}";

        public string Below(string name) => Folder.Length == 0 ? name : $"{Folder}/{name}";
    }
}

/// <summary>A file or a folder that a walk came upon.</summary>
/// <param name="Name">Relative to the root; empty for the root itself.</param>
internal readonly record struct FoundFile(string Root, string Name);
