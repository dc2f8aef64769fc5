namespace LocalMcp.Workspace;

/// <summary>
/// A file of the project by its name: judged, and found. It says where the file was when it was looked for; who opens it with <see cref="OpenToRead"/> or through
/// <see cref="OpenParent"/> gets that file or an error, whatever was put in the place of its folders meanwhile.
/// </summary>
/// <param name="Name">As it was named, relative to <paramref name="Start"/>, without dots and double slashes.</param>
/// <param name="Start">The root that the name was found in: a real path.</param>
/// <param name="Root">The root that the file lies in: a real path. Another one than <paramref name="Start"/> only where a link leads from one root into another.</param>
/// <param name="Real">Where the file is, or would be, relative to <paramref name="Root"/>, without links. Empty for the root itself.</param>
/// <param name="IsLinked">Whether a link leads from the name to the file.</param>
/// <param name="Exists">Whether there was something, of whatever kind, when it was looked for.</param>
internal sealed partial record ProjectPath(string Name, string Start, string Root, string Real, bool IsLinked, bool Exists)
{
    /// <summary>The name, so that it can stand in one line of text.</summary>
    public string Shown { get; } = ShownText.Of(Name);

    /// <summary>Judges a name, and looks for what it means: in the first root that has it.</summary>
    /// <param name="mayBeMissing">Whether there need not be such a file, nor its folder: it would be in the first root that has the folder, else in the first root.</param>
    /// <exception cref="LocalMcpException">The name is none that may be used, there is no such file, or it leads out of the project.</exception>
    public static ProjectPath Of(string name, Roots roots, bool mayBeMissing = false)
    {
        var clean = PathName.Clean(name, roots);
        List<PathLookup> missing = [];
        foreach (var root in roots.Folders)
        {
            var found = PathLookup.In(root, clean, roots);
            if (found.Path.Exists)
                return found.Path;
            missing.Add(found);
        }
        if (mayBeMissing && (missing.Find(place => place.FolderExists) ?? missing.Find(place => place.Blocked is null)) is { } free)
            return free.Path;
        throw new LocalMcpException($"{ShownText.Of(clean)} does not exist: {missing.Select(place => place.Blocked).FirstOrDefault(why => why is not null) ?? $"paths begin in {string.Join(", ", roots.Folders)}"}. {Hint(clean)}");
    }

    private static string Hint(string clean) => clean.Contains('\\') ? $"Folders are separated by slashes: {ShownText.Of(clean.Replace('\\', '/'))}" : "Look for the right name.";
}
