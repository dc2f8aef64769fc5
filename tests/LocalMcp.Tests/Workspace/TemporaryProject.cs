using LocalMcp.State;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

/// <summary>A project of one test, with a home and a place outside of both; removed at its end.</summary>
internal sealed class TemporaryProject : IDisposable
{
    public const string OutsideText = "what is outside";

    private readonly string all = Unix.RealPath(Directory.CreateTempSubdirectory("lmp-").FullName)!;

    public TemporaryProject()
    {
        foreach (var folder in (string[])[Folder, Home, Outside])
            Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(Outside, "outside.txt"), OutsideText);
    }

    public string Folder => Path.Combine(all, "project");

    public string Home => Path.Combine(all, "home");

    /// <summary>A folder beside the project, with <c>outside.txt</c> in it.</summary>
    public string Outside => Path.Combine(all, "outside");

    public Roots Roots => new([Folder]);

    public UserEnvironment Environment(params (string Name, string Value)[] more) =>
        new(name => Array.Find(more, variable => variable.Name == name).Value ?? (name == "HOME" ? Home : name == "CLAUDE_PROJECT_DIR" ? Folder : null));

    /// <summary>The whole path of something in the project.</summary>
    public string At(string path) => Path.Combine(Folder, path);

    /// <summary>Writes a file; its folders are made. An absolute path is allowed.</summary>
    public TemporaryProject With(string path, string text = "text")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        return this;
    }

    public TemporaryProject WithLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.CreateSymbolicLink(At(path), target);
        return this;
    }

    public ProjectPath PathOf(string name, bool mayBeMissing = false) => ProjectPath.Of(name, Roots, mayBeMissing);

    /// <summary>The words with which a name is refused.</summary>
    public string Refusal(string name, bool mayBeMissing = false) => Assert.Throws<LocalMcpException>(() => PathOf(name, mayBeMissing)).Message;

    public static string Read(ProjectPath path)
    {
        using var file = path.OpenToRead();
        using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
        return reader.ReadToEnd();
    }

    public static void RunProgram(string name, params string[] arguments)
    {
        using var program = System.Diagnostics.Process.Start(name, arguments);
        program.WaitForExit();
        Assert.Equal(0, program.ExitCode);
    }

    public void Dispose() => Directory.Delete(all, recursive: true);
}
