using System.Diagnostics;
using System.Text;
using LocalMcp.State;
using LocalMcp.Tests.Support;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

/// <summary>A project of real files in a home of its own, and a reader for it. Removed at the end of the test.</summary>
internal sealed class FileProject : IDisposable
{
    private readonly TemporaryHome home = new();

    public FileProject(string settings = "")
    {
        Directory.CreateDirectory(Folder);
        if (settings.Length > 0)
            home.WithSettings(settings);
    }

    public string Folder => Path.Combine(home.Folder, "project");

    /// <summary>A folder beside the project, which nothing of it may lead into.</summary>
    public string Outside => Directory.CreateDirectory(Path.Combine(home.Folder, "outside")).FullName;

    public Roots Roots => Roots.Of([Folder], home.Environment(), new SettingsFile(home.Environment()).Read());

    public FileProject With(string name, string text = "text\n") => With(name, Encoding.UTF8.GetBytes(text));

    public FileProject With(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return this;
    }

    public FileProject WithLink(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.CreateSymbolicLink(At(name), target);
        return this;
    }

    public FileProject WithPipe(string name)
    {
        using var process = Process.Start("mkfifo", [At(name)]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return this;
    }

    public string At(string name) => Path.Combine(Folder, name);

    public FileSet Read(params string[] references) => Reader.Read(references, Roots, TestContext.Current.CancellationToken);

    /// <summary>The names of what is read.</summary>
    public string[] Names(params string[] references) => [.. Read(references).Files.Select(file => file.Name)];

    /// <summary>The words of the failure.</summary>
    public string Failure(params string[] references) => Assert.Throws<LocalMcpException>(() => Read(references)).Message;

    public FileReader Reader => new(home.Environment(), new SettingsFile(home.Environment()));

    public void Dispose() => home.Dispose();
}
