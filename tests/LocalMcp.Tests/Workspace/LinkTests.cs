using LocalMcp.State;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class LinkTests
{
    [Theory]
    [InlineData("file.txt", "src/a.txt")]
    [InlineData("folder/a.txt", "src/a.txt")]
    [InlineData("chain5", "src/a.txt")]
    [InlineData("itself/itself/src/a.txt", "src/a.txt")]
    [InlineData("out-and-in/src/a.txt", "src/a.txt")]
    public void Follows_links_that_stay_in_the_project(string name, string real)
    {
        using var project = new TemporaryProject().With("src/a.txt", "inside").WithLink("file.txt", "src/a.txt").WithLink("folder", "src").WithLink("itself", ".").WithLink("out-and-in", "../project");
        project.WithLink("chain0", "file.txt");
        for (var i = 1; i <= 5; i++)
            project.WithLink($"chain{i}", project.At($"chain{i - 1}"));
        var path = project.PathOf(name);
        Assert.Equal((name, real, true, true), (path.Name, path.Real, path.IsLinked, path.Exists));
        Assert.Equal("inside", TemporaryProject.Read(path));
    }

    [Theory]
    [InlineData("file.txt")]
    [InlineData("folder/outside.txt")]
    [InlineData("folder/missing.txt")]
    [InlineData("up/outside/outside.txt")]
    [InlineData("chain5")]
    [InlineData("absolute")]
    [InlineData("src/folder")]
    public void Refuses_links_that_lead_out_and_tells_nothing_of_what_is_there(string name)
    {
        using var project = new TemporaryProject();
        project.WithLink("file.txt", "../outside/outside.txt").WithLink("folder", "../outside").WithLink("up", "..").WithLink("absolute", Path.Combine(project.Outside, "outside.txt")).WithLink("src/folder", "../../outside").WithLink("chain0", "file.txt");
        for (var i = 1; i <= 5; i++)
            project.WithLink($"chain{i}", $"chain{i - 1}");
        foreach (var mayBeMissing in new[] { false, true })
        {
            var why = project.Refusal(name, mayBeMissing);
            Assert.StartsWith($"{name} is a link, or lies behind one, that leads out of the project.", why, StringComparison.Ordinal);
            Assert.DoesNotContain(TemporaryProject.OutsideText, why, StringComparison.Ordinal);
            Assert.DoesNotContain(project.Outside, why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("zero", "/dev/zero", "/dev")]
    [InlineData("environ", "/proc/self/environ", "/proc")]
    [InlineData("descriptor", "/proc/self/fd/0", "")]
    [InlineData("folder", "/proc/self", "/proc")]
    [InlineData("root", "/proc/self/root/etc/passwd", "")]
    [InlineData("sys", "/sys/kernel/mm", "/sys")]
    public void Refuses_links_into_what_the_system_shows_as_files(string name, string target, string where)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || where == "/dev", "only Linux has these");
        using var project = new TemporaryProject().WithLink(name, target);
        foreach (var mayBeMissing in new[] { false, true })
            Assert.Contains(where.Length > 0 ? $"leads into {where}, where the system" : "lea", project.Refusal(name, mayBeMissing), StringComparison.Ordinal);
        if (name == "folder")
            Assert.Contains("leads into /proc", project.Refusal("folder/environ"), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_such_a_folder_as_a_root_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has it");
        Assert.Contains("leads into /proc", Assert.Throws<LocalMcpException>(() => ProjectPath.Of("environ", new Roots([Unix.RealPath("/proc/self")!]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dangling")]
    [InlineData("circle")]
    [InlineData("circle/a.txt")]
    [InlineData("dangling/a.txt")]
    public void Refuses_links_that_lead_nowhere_also_as_a_place_for_a_new_file(string name)
    {
        using var project = new TemporaryProject().WithLink("dangling", "../outside/new.txt").WithLink("circle", "elcric").WithLink("elcric", "circle");
        foreach (var mayBeMissing in new[] { false, true })
            Assert.Contains("is a link that leads to nothing, or round in a circle", project.Refusal(name, mayBeMissing), StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_a_link_lead_from_one_root_into_another()
    {
        using var project = new TemporaryProject().With("one/x.txt").With("two/a.txt", "two").WithLink("one/way", "../two");
        var path = ProjectPath.Of("way/a.txt", new Roots([project.At("one"), project.At("two")]));
        Assert.Equal((project.At("one"), project.At("two"), "a.txt", true), (path.Start, path.Root, path.Real, path.IsLinked));
        Assert.Equal("two", TemporaryProject.Read(path));
        Assert.Contains("leads out", Assert.Throws<LocalMcpException>(() => ProjectPath.Of("way/a.txt", new Roots([project.At("one")]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_a_root_that_is_a_link_for_the_folder_that_it_leads_to()
    {
        using var project = new TemporaryProject().With("a.txt", "inside").WithLink("../way", "project");
        var roots = Roots.Of([project.At("../way")], project.Environment(), new Settings());
        Assert.Equal([project.Folder], roots.Folders);
        Assert.Equal("inside", TemporaryProject.Read(ProjectPath.Of("a.txt", roots)));
    }

    [Fact]
    public void Notices_a_root_that_became_a_link()
    {
        using var project = new TemporaryProject().With("outside.txt", "inside");
        var path = project.PathOf("outside.txt");
        Directory.Move(project.Folder, project.Folder + "-moved");
        File.CreateSymbolicLink(project.Folder, project.Outside);
        Assert.Contains("has become a link, or a file, since the path was checked", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
        Assert.Contains("has become a link since the session began", project.Refusal("outside.txt"), StringComparison.Ordinal);
        File.Delete(project.Folder);
    }

    [Theory]
    [InlineData("a/b/outside.txt", "a", "a has become a link since the path was checked")]
    [InlineData("a/b/outside.txt", "a/b", "b has become a link since the path was checked")]
    [InlineData("a/b/outside.txt", "a/b/outside.txt", "a/b/outside.txt has become a link since it was checked")]
    [InlineData("way/outside.txt", "a/b", "b has become a link since the path was checked")]
    public void Opens_nothing_through_a_link_that_was_put_there_after_the_check(string name, string swapped, string why)
    {
        using var project = new TemporaryProject().With("a/b/outside.txt", "inside").WithLink("way", "a/b");
        Directory.CreateDirectory(Path.Combine(project.Outside, "b"));
        File.WriteAllText(Path.Combine(project.Outside, "b", "outside.txt"), TemporaryProject.OutsideText);
        var path = project.PathOf(name);
        Assert.Equal("inside", TemporaryProject.Read(path));
        Directory.Move(project.At(swapped), Path.Combine(project.Home, "moved"));
        File.CreateSymbolicLink(project.At(swapped), swapped.EndsWith(".txt", StringComparison.Ordinal) ? Path.Combine(project.Outside, "outside.txt") : project.Outside);
        Assert.Contains(why, Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opens_the_file_that_was_checked_when_the_link_to_it_is_turned_elsewhere()
    {
        using var project = new TemporaryProject().With("a.txt", "inside").WithLink("way", "a.txt");
        var path = project.PathOf("way");
        File.Delete(project.At("way"));
        project.WithLink("way", "../outside/outside.txt");
        Assert.Equal("inside", TemporaryProject.Read(path));
    }

    [Fact]
    public void Says_what_came_in_the_place_of_a_file_or_folder_after_the_check()
    {
        using var project = new TemporaryProject().With("a/file.txt");
        var path = project.PathOf("a/file.txt");
        File.Delete(project.At("a/file.txt"));
        Assert.Contains("a/file.txt is not there any more", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
        TemporaryProject.RunProgram("mkfifo", project.At("a/file.txt"));
        Assert.Contains("is a pipe, a socket or a device", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
        Directory.Delete(project.At("a"), recursive: true);
        Assert.Contains("there is no folder a", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
        project.With("a");
        Assert.Contains("a is no folder any more", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
    }

    // What is swapped, and what is opened meanwhile.
    [Theory]
    [InlineData("a/b", "a/b/outside.txt")]
    [InlineData("a", "a/b/outside.txt")]
    [InlineData("a/b/outside.txt", "a/b/outside.txt")]
    [InlineData("a/b", "way/outside.txt")]
    public async Task Never_reads_what_is_outside_while_folders_and_links_are_swapped(string swapped, string name)
    {
        using var project = new TemporaryProject().With("a/b/outside.txt", "inside").WithLink("way", "a/b");
        Directory.CreateDirectory(Path.Combine(project.Outside, "b"));
        File.WriteAllText(Path.Combine(project.Outside, "b", "outside.txt"), TemporaryProject.OutsideText);
        project.WithLink("link", swapped.EndsWith(".txt", StringComparison.Ordinal) ? "../../../outside/outside.txt" : project.Outside);
        using var swapper = new Swapper(project.At(swapped), project.At("link"));
        var (read, refused) = (0, 0);
        for (var i = 0; i < 50_000 && (i < 2_000 || read == 0 || refused == 0); i++)
        {
            try
            {
                Assert.Equal("inside", TemporaryProject.Read(project.PathOf(name)));
                read++;
            }
            catch (LocalMcpException)
            {
                refused++;
            }
        }
        await swapper.StopAsync();
        Assert.True(read > 0, "nothing was read at all");
        Assert.True(refused > 0, "no swap was met");
    }

    /// <summary>Puts two things in each other's place, over and over, until it is stopped.</summary>
    private sealed class Swapper : IDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task work;

        public Swapper(string one, string other) => work = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Move(one, one + ".parked");
                Move(other, one);
                Move(one, other);
                Move(one + ".parked", one);
            }
        });

        public Task StopAsync()
        {
            end.Cancel();
            return work;
        }

        public void Dispose() => end.Dispose();

        private static void Move(string from, string to)
        {
            var (root, _) = Unix.OpenFolder("/");
            using (root)
                Assert.Equal(0, Unix.Rename(root!, from[1..], to[1..]));
        }
    }
}
