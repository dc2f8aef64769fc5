using System.Text;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class OutputFileTests : IDisposable
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly OutputHome home = new();

    [Theory]
    [InlineData("a.txt")]
    [InlineData("src/deep/er/a.txt")]
    [InlineData("a name with \"quotes\", 'ticks' and spaces .txt")]
    [InlineData("two\nlines\t.txt")]
    [InlineData("Ünïcödé/日本/😀.txt")]
    [InlineData("-rf")]
    [InlineData("a\\b.txt")]
    public void A_new_file_is_written_with_its_folders(string name)
    {
        var result = home.Plan(name).Write("one\ntwo\n");
        Assert.Equal("one\ntwo\n", home.Text(name));
        Assert.Equal([name], home.Names());
        Assert.Equal((name, 2, 8, null, false), (result.Path, result.Lines, result.Bytes, result.Replaced, result.IsPartial));
        Assert.StartsWith($"Wrote {ShownText.Of(name)}: 2 lines, 8 bytes, new file.\n", result.Receipt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_has_the_permissions_that_the_user_gives_new_files()
    {
        home.Plan("a/b").Write("one\n");
        Assert.Equal(File.GetUnixFileMode(home.Put("a/other")), File.GetUnixFileMode(home.At("a/b")));
        Assert.Equal(File.GetUnixFileMode(Directory.CreateDirectory(home.At("other")).FullName), File.GetUnixFileMode(home.At("a")));
    }

    [Fact]
    public void Planning_makes_nothing()
    {
        home.Plan("a/b");
        Assert.False(Path.Exists(home.At("a")));
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_with_overwrite()
    {
        home.Put("a.txt", "old text\n");
        Assert.Equal("a.txt is there already, with 9 bytes. Give overwrite to replace it, or another path.", home.Refusal("a.txt"));
        var result = home.Plan("a.txt", overwrite: true).Write("new\n");
        Assert.Equal("new\n", home.Text("a.txt"));
        Assert.Equal(9, result.Replaced);
        Assert.Equal(["a.txt"], home.Names());
    }

    [Theory]
    [InlineData("640")]
    [InlineData("755")]
    [InlineData("600")]
    [InlineData("222")]
    [InlineData("666")]
    public void The_permissions_of_a_replaced_file_are_kept(string octal)
    {
        Assert.SkipWhen(octal == "222" && !Environment.IsPrivilegedProcess, "Only the superuser may read such a file, and so keep its line ends.");
        var mode = (UnixFileMode)Convert.ToInt32(octal, 8);
        File.SetUnixFileMode(home.Put("a.sh"), mode);
        home.Plan("a.sh", overwrite: true).Write("new\n");
        Assert.Equal(mode, File.GetUnixFileMode(home.At("a.sh")));
        home.Plan("a.sh", overwrite: true).KeepPartial("part");
        Assert.Equal(mode, File.GetUnixFileMode(home.At("a.sh.partial")));
    }

    [Fact]
    public void A_replaced_file_loses_the_right_to_act_as_its_owner()
    {
        File.SetUnixFileMode(home.Put("a"), ReadWrite | UnixFileMode.UserExecute | UnixFileMode.SetUser | UnixFileMode.SetGroup);
        home.Plan("a", overwrite: true).Write("new\n");
        Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home.At("a")));
    }

    [Fact]
    public void The_owner_of_a_replaced_file_is_kept()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser may give files away.");
        home.Put("a");
        using (var file = File.OpenHandle(home.At("a"), FileMode.Open, FileAccess.ReadWrite))
            Assert.Equal(0, Unix.SetOwner(file, 1234, 2345));
        home.Plan("a", overwrite: true).Write("new\n");
        using var after = File.OpenHandle(home.At("a"));
        Assert.Equal((1234u, 2345u), (Unix.Status(after)!.Owner, Unix.Status(after)!.Group));
    }

    [Fact]
    public void Line_ends_encoding_and_mark_of_a_replaced_file_are_kept()
    {
        File.WriteAllText(home.At("a.cs"), "old\r\nold\r\n", Encoding.BigEndianUnicode);
        var result = home.Plan("a.cs", overwrite: true).Write("é\nb\n");
        var written = File.ReadAllBytes(home.At("a.cs"));
        Assert.Equal([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("é\r\nb\r\n")], written);
        Assert.Equal((2, written.Length), (result.Lines, result.Bytes));
    }

    [Fact]
    public void An_encoding_that_cannot_be_kept_is_said()
    {
        File.WriteAllBytes(home.At("a"), Encoding.Latin1.GetBytes("été\r\n"));
        var receipt = home.Plan("a", overwrite: true).Write("été\n").Receipt;
        Assert.Equal("été\r\n"u8.ToArray(), File.ReadAllBytes(home.At("a")));
        Assert.StartsWith("Wrote a: 1 line, 7 bytes, replaced a file of 5 bytes. The old file was not UTF-8; this one is.\n", receipt, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_names_of_a_replaced_file_keep_the_old_text()
    {
        home.Put("a");
        using (var folder = Unix.OpenFolder(home.Project).Handle!)
            Assert.Equal(0, Unix.Link(folder, "a", "b"));
        var result = home.Plan("a", overwrite: true).Write("new\n");
        Assert.Equal(("new\n", "old\n"), (home.Text("a"), home.Text("b")));
        Assert.EndsWith(" Other names of the old file (hard links) keep the old text.\n> new", result.Receipt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside/a")]
    [InlineData("src/../../outside/a")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/")]
    [InlineData("..//")]
    [InlineData("~/a")]
    [InlineData("a\0b")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("./")]
    public void What_leads_out_of_the_project_is_refused(string path) => Assert.NotEmpty(home.Refusal(path, overwrite: true));

    [Theory]
    [InlineData(".env")]
    [InlineData("keys/id_rsa")]
    [InlineData(".git/config")]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".claude/settings.json")]
    public void What_is_hidden_or_obeyed_is_refused(string path) => Assert.StartsWith($"{path} may not be written: it is ", home.Refusal(path, overwrite: true), StringComparison.Ordinal);

    [Fact]
    public void What_the_project_hides_from_Claude_is_refused()
    {
        home.Put(".claude/settings.json", """{"permissions":{"deny":["Read(./private/**)"]}}""");
        Assert.StartsWith("private/a may not be written: it is hidden from Claude by Read(./private/**)", home.Refusal("private/a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new/")]
    [InlineData("new/.")]
    [InlineData("new//")]
    public void A_path_that_ends_like_a_folder_is_refused(string path) => Assert.Equal($"{path} ends like a folder. Name the file in it: new/answer.md", home.Refusal(path));

    [Fact]
    public void A_folder_is_refused()
    {
        home.Put("src/a");
        Assert.Equal("src is a folder. Name the file in it: src/answer.md", home.Refusal("src", overwrite: true));
        Assert.Equal("src/a/b does not exist: src/a is a file, and no folder. Look for the right name.", home.Refusal("src/a/b", overwrite: true));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_it()
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", home.At("pipe"));
        made.WaitForExit();
        Assert.Equal("pipe is a pipe, a socket or a device, and only regular files are written. Give another path.", home.Refusal("pipe", overwrite: true));
    }

    [Fact]
    public void A_link_is_refused_wherever_it_stands_and_leads()
    {
        home.Put("src/real.cs");
        File.CreateSymbolicLink(home.At("link.cs"), "src/real.cs");
        Directory.CreateSymbolicLink(home.At("linked"), "src");
        File.CreateSymbolicLink(home.At("out.cs"), Path.Combine(home.Outside, "a"));
        Directory.CreateSymbolicLink(home.At("outside"), home.Outside);
        Assert.Equal("link.cs is a link to src/real.cs, or lies behind one, and nothing is written through links. Give the real path: src/real.cs", home.Refusal("link.cs", overwrite: true));
        Assert.Equal("linked/real.cs is a link to src/real.cs, or lies behind one, and nothing is written through links. Give the real path: src/real.cs", home.Refusal("linked/real.cs", overwrite: true));
        Assert.EndsWith("Give the real path: src/new/a.cs", home.Refusal("linked/new/a.cs"), StringComparison.Ordinal);
        Assert.Contains(" is a link", home.Refusal("out.cs", overwrite: true), StringComparison.Ordinal);
        Assert.Contains(" leads out of the project", home.Refusal("outside/a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_file_is_refused()
    {
        File.SetUnixFileMode(home.Put("a"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal("a is read-only (its permissions are 0404). Make it writable, or give another path.", home.Refusal("a", overwrite: true));
    }

    [Fact]
    public void A_file_that_only_others_may_write_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser may write everything.");
        File.SetUnixFileMode(home.Put("a"), UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        Assert.Equal("a was not written: this user may not write to it. Change its permissions, or give another path.", home.Refusal("a", overwrite: true));
    }

    [Fact]
    public void A_read_only_folder_is_refused_also_for_folders_to_be_made_in_it()
    {
        home.Put("locked/a");
        File.SetUnixFileMode(home.At("locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var name in new[] { "locked/b", "locked/deep/er/b" })
            Assert.Equal($"{name} cannot be written: the folder locked is read-only (its permissions are 0500). Make it writable, or give another path.", home.Refusal(name));
        File.SetUnixFileMode(home.At("locked"), ReadWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_name_with_no_room_for_partial_behind_it_is_refused()
    {
        home.Plan(new string('x', 244)).Write("one\n");
        var longest = new string('ä', 122);
        home.Plan(longest).KeepPartial("one\n");
        Assert.Equal($"{longest}x has a name of 245 bytes, and 244 are the most: there must be room for .partial behind it. Give a shorter one.", home.Refusal(longest + "x"));
    }

    [Fact]
    public void An_empty_answer_is_not_written()
    {
        home.Put("a");
        Assert.Equal("a was not written: the answer is empty.", home.Failure(() => home.Plan("a", overwrite: true).Write(" \n")));
    }

    [Fact]
    public void A_file_that_has_appeared_since_is_kept_and_the_text_can_be()
    {
        foreach (var overwrite in new[] { false, true })
        {
            var file = home.Plan($"a{overwrite}", overwrite);
            home.Put($"a{overwrite}");
            Assert.Equal($"a{overwrite} was not written: a file of that name, with 4 bytes, has appeared since the model was asked, and it is kept. Give overwrite to replace it, or another path.", home.Failure(() => file.Write("new\n")));
            Assert.Equal($"a{overwrite}.partial", file.KeepPartial("new\n").Path);
            Assert.Equal(("old\n", "new\n"), (home.Text($"a{overwrite}"), home.Text($"a{overwrite}.partial")));
        }
    }

    [Fact]
    public void A_file_that_has_changed_since_is_kept()
    {
        home.Put("a");
        var file = home.Plan("a", overwrite: true);
        home.Put("a", "changed\n");
        Assert.Equal("a was not written: the file has changed since the model was asked (4 bytes then, 8 now), and the change is kept. Look at it, and ask again.", home.Failure(() => file.Write("new\n")));
    }

    [Fact]
    public void A_file_that_was_removed_since_is_written_anew()
    {
        home.Put("a");
        var file = home.Plan("a", overwrite: true);
        File.Delete(home.At("a"));
        Assert.Null(file.Write("new\n").Replaced);
        Assert.Equal("new\n", home.Text("a"));
    }

    [Fact]
    public void What_has_become_a_link_or_a_folder_since_is_kept()
    {
        File.WriteAllText(Path.Combine(home.Outside, "secret"), "secret");
        foreach (var name in new[] { "a", "b" })
            home.Put(name);
        var (link, folder) = (home.Plan("a", overwrite: true), home.Plan("b", overwrite: true));
        File.Delete(home.At("a"));
        File.CreateSymbolicLink(home.At("a"), Path.Combine(home.Outside, "secret"));
        File.Delete(home.At("b"));
        Directory.CreateDirectory(home.At("b"));
        Assert.Equal("a has become a link, and nothing is written through links. Look at who changes it, and try again.", home.Failure(() => link.Write("new\n")));
        Assert.Equal("b is a folder. Name the file in it: b/answer.md", home.Failure(() => folder.Write("new\n")));
    }

    [Fact]
    public void A_folder_that_has_become_a_link_or_a_file_since_is_not_followed()
    {
        var (link, file) = (home.Plan("a/new"), home.Plan("b/new"));
        Directory.CreateSymbolicLink(home.At("a"), home.Outside);
        home.Put("b");
        Assert.Contains("a has become a link", home.Failure(() => link.Write("new\n")), StringComparison.Ordinal);
        Assert.Contains("a has become a link", home.Failure(() => link.KeepPartial("new\n")), StringComparison.Ordinal);
        Assert.Contains("b is no folder any more", home.Failure(() => file.Write("new\n")), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Outside));
    }

    [Fact]
    public void A_project_that_has_vanished_is_named()
    {
        var file = home.Plan("a/b");
        Directory.Delete(home.Project);
        Assert.Contains($"{home.Project} is not there any more", home.Failure(() => file.Write("new\n")), StringComparison.Ordinal);
        Directory.CreateDirectory(home.Project);
    }

    [Fact]
    public void Partial_answers_are_kept_beside_each_other_as_they_are()
    {
        var file = home.Plan("src/a.cs");
        Assert.Equal(["src/a.cs.partial", "src/a.cs.2.partial", "src/a.cs.3.partial"], Enumerable.Range(1, 3).Select(number => file.KeepPartial($"```\r\n{number}").Path));
        Assert.Equal("```\r\n2", home.Text("src/a.cs.2.partial"));
        Assert.Equal("Kept src/a.cs.4.partial: 1 line, 1 byte.\n> x", file.KeepPartial("x").Receipt);
        Assert.Equal(4, home.Names().Count);
    }

    [Fact]
    public void Not_more_than_99_partial_answers_are_kept()
    {
        var file = home.Plan("a");
        for (var number = 1; number <= 99; number++)
            file.KeepPartial("x");
        Assert.Equal("The text for a was not kept: there are 99 files like a.partial already. Remove what is not needed of them.", home.Failure(() => file.KeepPartial("x")));
    }

    [Fact]
    public void Where_there_are_no_hard_links_a_name_is_taken_as_exclusively()
    {
        using var folder = Unix.OpenFolder(home.Project).Handle!;
        using (var file = TemporaryFile.Create(folder, ReadWrite))
        {
            file.Write("new\n"u8);
            home.Put("taken");
            Assert.False(file.TryNameWithoutLinks("taken"));
            Assert.True(file.TryNameWithoutLinks("free"));
        }
        Assert.Equal(["free", "taken"], home.Names());
        Assert.Equal(("new\n", "old\n"), (home.Text("free"), home.Text("taken")));
    }

    [Fact]
    public void Where_there_are_no_hard_links_a_failure_leaves_the_name_free()
    {
        using var folder = Unix.OpenFolder(home.Project).Handle!;
        using var file = TemporaryFile.Create(folder, ReadWrite);
        File.Delete(home.At(home.Names()[0]));
        Assert.Throws<IOException>(() => file.TryNameWithoutLinks("free"));
        Assert.Empty(home.Names());
    }

    public void Dispose() => home.Dispose();
}
