using LocalMcp.State;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

/// <summary>A project to write to, and a folder beside it that nothing may be written to. Removed at the end.</summary>
internal sealed class OutputHome : IDisposable
{
    private readonly string folder;

    public OutputHome(string? above = null)
    {
        folder = above ?? Unix.RealPath(Directory.CreateTempSubdirectory("lmt-").FullName)!;
        Project = Directory.CreateDirectory(Path.Combine(folder, "project")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(folder, "outside")).FullName;
    }

    /// <summary>Where nothing waits for a disk, if there is such a place.</summary>
    public static OutputHome InMemory() => new(Directory.Exists("/dev/shm") ? Directory.CreateDirectory($"/dev/shm/lmt-{Guid.NewGuid():N}").FullName : null);

    public string Project { get; }

    public string Outside { get; }

    public OutputFile Plan(string path, bool overwrite = false)
    {
        var roots = new Roots([Project]);
        return OutputFile.Plan(path, overwrite, roots, HiddenFiles.Of(roots, new UserEnvironment(name => name == "HOME" ? folder : null), new Settings()));
    }

    /// <summary>The words with which a plan is refused. Nothing has changed.</summary>
    public string Refusal(string path, bool overwrite = false)
    {
        var before = All();
        var words = Assert.Throws<LocalMcpException>(() => Plan(path, overwrite)).Message;
        Assert.Equal(before, All());
        return words;
    }

    /// <summary>The words with which an action fails. There is no file then that was not there before, and none has changed.</summary>
    public string Failure(Action action)
    {
        var before = All();
        var words = Assert.Throws<LocalMcpException>(action).Message;
        Assert.Equal(before, All());
        return words;
    }

    public string At(string name) => Path.Combine(Project, name);

    public string Put(string name, string text = "old\n")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string Text(string name) => File.ReadAllText(At(name));

    /// <summary>Every file and link of the project by its relative name, sorted.</summary>
    public IReadOnlyList<string> Names() => [.. Directory.EnumerateFiles(Project, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Project, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private List<string> All() =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => $"{file.FullName} {file.LinkTarget} {file.Length} {file.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal)];
}
