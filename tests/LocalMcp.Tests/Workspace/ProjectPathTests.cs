using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class ProjectPathTests
{
    [Theory]
    [InlineData("", "The path is empty")]
    [InlineData("a\0b", "it holds a NUL")]
    [InlineData("/etc/passwd", "is an absolute path, and it is not in the project")]
    [InlineData("//etc/passwd", "is an absolute path, and it is not in the project")]
    [InlineData("/proc/self/environ", "is an absolute path, and it is not in the project")]
    [InlineData("/dev/zero", "is an absolute path, and it is not in the project")]
    [InlineData("~", "begins in a home folder")]
    [InlineData("~/.ssh/id_rsa", "begins in a home folder")]
    [InlineData("~root/x", "begins in a home folder")]
    [InlineData("../x", "leads out of the project by its .. parts")]
    [InlineData("a/../../x", "leads out of the project by its .. parts")]
    [InlineData("a/b/../../../x", "leads out of the project by its .. parts")]
    [InlineData("..", "leads out of the project by its .. parts")]
    [InlineData("src/../here.txt", "Write here.txt")]
    [InlineData("src/./a//../../here.txt", "Write here.txt")]
    [InlineData("src/..", "It is the project's folder itself")]
    [InlineData(@"C:\Users\a.txt", "is a path of Windows")]
    [InlineData("c:/Users/a.txt", "is a path of Windows")]
    [InlineData(@"\\server\share", "is a path of Windows")]
    [InlineData(".", "is the project's folder itself")]
    [InlineData("./", "is the project's folder itself")]
    [InlineData("missing.txt", "missing.txt does not exist: paths begin in ")]
    [InlineData("here.txt/more", "here.txt is a file, and no folder")]
    [InlineData("gone/here.txt", "does not exist")]
    [InlineData(@"src\a.txt", "Folders are separated by slashes: src/a.txt")]
    [InlineData("a\nb\u202Ec", @"a\u000Ab\u202Ec does not exist")]
    public void Refuses_a_name_and_says_why(string name, string why)
    {
        using var project = new TemporaryProject().With("here.txt").With("src/a.txt");
        Assert.Contains(why, project.Refusal(name), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_half_a_letter_which_would_become_another_name_on_the_disk()
    {
        using var project = new TemporaryProject().With("a\uFFFDb");
        foreach (var name in new[] { "a\uD800b", "a\uDC00b", "\uDC00\uD800", "a\uD83D" })
            Assert.Contains("half a letter", project.Refusal(name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside/outside.txt")]
    [InlineData("~/x")]
    [InlineData("a/../../x")]
    [InlineData("")]
    public void Refuses_it_as_well_where_the_file_need_not_be_there(string name)
    {
        using var project = new TemporaryProject();
        Assert.Equal(project.Refusal(name), project.Refusal(name, mayBeMissing: true));
    }

    [Theory]
    [InlineData("here.txt", "here.txt")]
    [InlineData("./here.txt", "here.txt")]
    [InlineData("././/here.txt", "here.txt")]
    [InlineData("src//a.txt", "src/a.txt")]
    [InlineData("src/./a.txt", "src/a.txt")]
    [InlineData("src/", "src")]
    [InlineData("./~tilde", "~tilde")]
    [InlineData("...", "...")]
    [InlineData("src/..a", "src/..a")]
    [InlineData(" ", " ")]
    [InlineData("back\\slash", "back\\slash")]
    public void Cleans_a_name(string name, string clean)
    {
        using var project = new TemporaryProject().With("here.txt").With("src/a.txt").With("src/..a").With("~tilde").With("...").With(" ").With("back\\slash");
        var path = project.PathOf(name);
        Assert.Equal((clean, clean, clean, project.Folder, false, true), (path.Name, path.Shown, path.Real, path.Root, path.IsLinked, path.Exists));
    }

    [Fact]
    public void Says_how_to_name_a_file_of_the_project_that_was_named_absolutely()
    {
        using var project = new TemporaryProject().With("src/a.txt").WithLink("../way", "project");
        Assert.EndsWith("is an absolute path. Name it relative to the project: src/a.txt", project.Refusal(project.At("src/a.txt")), StringComparison.Ordinal);
        Assert.EndsWith("is an absolute path. Name it relative to the project: src/a.txt", project.Refusal(project.At("../way/src//a.txt")), StringComparison.Ordinal);
        Assert.EndsWith("is an absolute path. Name it relative to the project: src/new.txt", project.Refusal(project.At("src/new.txt"), mayBeMissing: true), StringComparison.Ordinal);
        Assert.Contains("not in the project", project.Refusal(project.Folder + "s/a.txt"), StringComparison.Ordinal);
        Assert.Contains("not in the project", project.Refusal(project.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_a_name_in_one_line_with_nothing_hidden_in_it()
    {
        using var project = new TemporaryProject().With("a\nb\t\u001b[31m\u202Etxt\u2066\u200b\u2028é😀.cs", "inside");
        var path = project.PathOf("a\nb\t\u001b[31m\u202Etxt\u2066\u200b\u2028é😀.cs");
        Assert.Equal(@"a\u000Ab\u0009\u001B[31m\u202Etxt\u2066\u200B\u2028é😀.cs", path.Shown);
        Assert.Equal("inside", TemporaryProject.Read(path));
    }

    [Fact]
    public void Refuses_names_that_no_file_can_have_for_their_length()
    {
        using var project = new TemporaryProject();
        Assert.Contains("one name in it has more than 255 bytes", project.Refusal(new string('a', 256)), StringComparison.Ordinal);
        Assert.Contains("one name in it has more than 255 bytes", project.Refusal(new string('é', 128), mayBeMissing: true), StringComparison.Ordinal);
        Assert.Contains("it has 20,001 bytes, and 4,095 are the most", project.Refusal(string.Concat(Enumerable.Repeat("a/", 10_000)) + "b"), StringComparison.Ordinal);
        Assert.True(project.Refusal(new string('a', 100_000)).Length < 300);
        Assert.Contains("does not exist", project.Refusal(string.Concat(Enumerable.Repeat("a/", 1_500)) + "b"), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_through_a_thousand_folders()
    {
        using var project = new TemporaryProject();
        var name = string.Concat(Enumerable.Repeat("a/", OperatingSystem.IsMacOS() ? 100 : 1_000)) + "b.txt";
        project.With(name, "deep");
        Assert.Equal("deep", TemporaryProject.Read(project.PathOf(name)));
    }

    [Fact]
    public void Looks_in_each_root_in_their_order()
    {
        using var project = new TemporaryProject().With("one/both.txt", "1").With("two/both.txt", "2").With("two/second/only.txt", "2");
        var roots = new Roots([project.At("one"), project.At("two")]);
        Assert.Equal("1", TemporaryProject.Read(ProjectPath.Of("both.txt", roots)));
        Assert.Equal("2", TemporaryProject.Read(ProjectPath.Of("second/only.txt", roots)));
        Assert.Equal(project.At("two"), ProjectPath.Of("second/new.txt", roots, mayBeMissing: true).Root);
        Assert.Equal(project.At("one"), ProjectPath.Of("new.txt", roots, mayBeMissing: true).Root);
        Assert.Equal(project.At("one"), ProjectPath.Of("third/new.txt", roots, mayBeMissing: true).Root);
        Assert.Contains($"paths begin in {project.At("one")}, {project.At("two")}", Assert.Throws<LocalMcpException>(() => ProjectPath.Of("new.txt", roots)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_a_root_within_another_and_stays_in_the_one_where_the_name_began()
    {
        using var project = new TemporaryProject().With("inner/a.txt", "a").With("b.txt", "b").WithLink("inner/up.txt", "../b.txt");
        var roots = new Roots([project.At("inner"), project.Folder]);
        Assert.Equal((project.At("inner"), "a.txt"), (ProjectPath.Of("a.txt", roots).Root, ProjectPath.Of("a.txt", roots).Real));
        Assert.Equal((project.Folder, "inner/a.txt"), (ProjectPath.Of("inner/a.txt", roots).Root, ProjectPath.Of("inner/a.txt", roots).Real));
        var up = ProjectPath.Of("up.txt", roots);
        Assert.Equal((project.At("inner"), project.Folder, "b.txt", true), (up.Start, up.Root, up.Real, up.IsLinked));
        Assert.Equal("b", TemporaryProject.Read(up));
    }

    [Fact]
    public void Says_where_a_file_would_be_that_is_not_there_and_makes_its_folders_on_demand()
    {
        using var project = new TemporaryProject().With("src/a.txt").WithLink("way", "src");
        var path = project.PathOf("way/new/deep/b.txt", mayBeMissing: true);
        Assert.Equal(("way/new/deep/b.txt", "src/new/deep/b.txt", true, false), (path.Name, path.Real, path.IsLinked, path.Exists));
        Assert.Contains("there is no folder new", Assert.Throws<LocalMcpException>(() => path.OpenParent()).Message, StringComparison.Ordinal);
        var (folder, leaf) = path.OpenParent(create: true);
        using (folder)
            Assert.Equal(("b.txt", FileKind.Missing), (leaf, Unix.Kind(folder, leaf)));
        Assert.True(Directory.Exists(project.At("src/new/deep")));
        Assert.Contains("is a file, and no folder", project.Refusal("src/a.txt/b.txt", mayBeMissing: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_file_whose_name_is_spelled_in_the_other_normal_form()
    {
        using var project = new TemporaryProject().With("a\u0308/Vie\u0323\u0302t \u1112\u1161\u11ab.txt", "apart").With("\u00e4o/e\u0301.txt", "together").With("both/\u00e9.txt", "1").With("both/e\u0301.txt", "2");
        Assert.Equal("apart", TemporaryProject.Read(project.PathOf("\u00e4/Vi\u1ec7t \ud55c.txt")));
        Assert.Equal("apart", TemporaryProject.Read(project.PathOf("\u00e4/Vie\u0302\u0323t \ud55c.txt")));
        Assert.Equal("together", TemporaryProject.Read(project.PathOf("a\u0308o/\u00e9.txt")));
        Assert.Equal(OperatingSystem.IsMacOS() ? "2" : "1", TemporaryProject.Read(project.PathOf("both/\u00e9.txt")));
        Assert.False(project.PathOf("a\u0308o/\u00e9.txt").IsLinked);
        Assert.Equal("\u00e4o/e\u0301.txt", project.PathOf("a\u0308o/\u00e9.txt", mayBeMissing: true).Real);
    }

    [Theory]
    [InlineData("folder", "is a folder. Name files in it, or a pattern like folder/**")]
    [InlineData("pipe", "is a pipe, a socket or a device")]
    [InlineData("socket", "is a pipe, a socket or a device")]
    [InlineData("to-pipe", "is a pipe, a socket or a device")]
    [InlineData("itself", "leads to the project's folder itself")]
    public void Opens_regular_files_only(string name, string why)
    {
        using var project = new TemporaryProject().With("folder/a.txt").WithLink("to-pipe", "pipe").WithLink("itself", ".");
        TemporaryProject.RunProgram("mkfifo", project.At("pipe"));
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(project.At("socket")));
        Assert.Contains(why, Assert.Throws<LocalMcpException>(() => project.PathOf(name).OpenToRead()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_file_or_a_folder_may_not_be_read_by_this_user()
    {
        Assert.SkipWhen(Unix.User == 0, "root may read everything");
        using var project = new TemporaryProject().With("closed.txt").With("closed/a.txt");
        File.SetUnixFileMode(project.At("closed.txt"), UnixFileMode.None);
        Assert.Contains("closed.txt may not be read by this user", Assert.Throws<LocalMcpException>(() => project.PathOf("closed.txt").OpenToRead()).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(project.At("closed"), UnixFileMode.UserExecute);
        Assert.Contains("the folder closed may not be read by this user", Assert.Throws<LocalMcpException>(() => project.PathOf("closed/a.txt").OpenToRead()).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(project.At("closed"), UnixFileMode.None);
        Assert.Contains("the folder closed cannot be looked into", project.Refusal("closed/a.txt"), StringComparison.Ordinal);
        Assert.Contains("the folder closed cannot be looked into", project.Refusal("closed/a.txt", mayBeMissing: true), StringComparison.Ordinal);
        File.SetUnixFileMode(project.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Notices_a_root_that_was_removed()
    {
        using var project = new TemporaryProject().With("a.txt");
        var path = project.PathOf("a.txt");
        Directory.Delete(project.Folder, recursive: true);
        Assert.Contains($"{project.Folder} is not there any more", Assert.Throws<LocalMcpException>(path.OpenToRead).Message, StringComparison.Ordinal);
        Assert.Contains($"{project.Folder} is not there any more", project.Refusal("a.txt"), StringComparison.Ordinal);
        Assert.Contains($"{project.Folder} is not there any more", project.Refusal("a.txt", mayBeMissing: true), StringComparison.Ordinal);
    }
}
