using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class FileReaderTests
{
    private const string Ten = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

    [Fact]
    public void Quotes_a_file_with_its_name_in_a_fence_with_its_language()
    {
        using var project = new FileProject().With("src/Parser.cs", "class Parser;\n");

        Assert.Equal("File: src/Parser.cs\n```csharp\nclass Parser;\n```", project.Read("src/Parser.cs").Text);
    }

    [Fact]
    public void Numbers_the_lines_of_a_range_and_says_how_many_the_file_has()
    {
        using var project = new FileProject().With("a.txt", Ten);

        var file = Assert.Single(project.Read("a.txt:9-10").Files);
        Assert.Equal("a.txt:9-10", file.Name);
        Assert.Equal("File: a.txt, lines 9-10 of 10\n```\n 9| nine\n10| ten\n```", file.Text);
        Assert.Equal("File: a.txt, line 3 of 10\n```\n3| three\n```", project.Read("a.txt:3").Text);
        Assert.Equal("a.txt:8-10", Assert.Single(project.Names("a.txt:8-")));
    }

    [Fact]
    public void Gives_several_ranges_of_a_file_by_their_lines_and_joins_those_that_touch()
    {
        using var project = new FileProject().With("a.txt", Ten);

        Assert.Equal(["a.txt:2", "a.txt:5-8"], project.Names("a.txt:5-6", "a.txt:2", "a.txt:6-7", "a.txt:8", "a.txt:5-6"));
    }

    [Fact]
    public void Numbers_a_file_that_is_named_whole_and_by_its_lines()
    {
        using var project = new FileProject().With("a.txt", "one\n\nthree");

        var file = Assert.Single(project.Read("a.txt:1-2", "a.txt").Files);
        Assert.Equal("a.txt", file.Name);
        Assert.Equal("File: a.txt\n```\n1| one\n2|\n3| three\n```", file.Text);
    }

    [Theory]
    [InlineData("a.txt:5-80", "a.txt:5-80: the file has 10 lines, so 5-80 goes beyond its end; 5- reads up to it")]
    [InlineData("a.txt:11", "a.txt:11: the file has 10 lines, so 11 begins beyond its end")]
    [InlineData("a.txt:99999999999999-", "a.txt:99999999999999-: the file has 10 lines, so 2147483647- begins beyond its end")]
    [InlineData("a.txt:8-5", "a.txt:8-5: the range 8-5 is reversed")]
    [InlineData("a.txt:0", "a.txt:0: lines are counted from 1, so 0 begins before the first one")]
    [InlineData("a.txt:0-3", "a.txt:0-3: lines are counted from 1, so 0-3 begins before the first one")]
    [InlineData("a.txt:10:5", "a.txt:10:5: there is no such file; lines of a.txt are named like a.txt:10-80")]
    [InlineData("a.txt:-5", "a.txt:-5: there is no such file; lines of a.txt are named like a.txt:10-80")]
    [InlineData("empty.txt:1-3", "empty.txt:1-3: the file is empty, so it has no lines 1-3")]
    [InlineData("*.txt:1-3", "*.txt:1-3 names lines of a pattern. Lines can be named of one file: src/Parser.cs:10-80.")]
    public void Refuses_lines_that_are_not_there(string reference, string words)
    {
        using var project = new FileProject().With("a.txt", Ten).With("empty.txt", "");

        Assert.Contains($"- {words}\n", project.Failure(reference));
    }

    [Fact]
    public void Takes_a_name_for_a_name_before_it_takes_it_for_lines_or_a_pattern()
    {
        using var project = new FileProject().With("a:10-80", "literal\n").With("app/[id].tsx", "id\n").With("app/i.tsx", "i\n").With("app/[slug]/page.tsx", "page\n").With("*.md", "star\n").With("b.md", "b\n");

        Assert.Equal(["a:10-80"], project.Names("a:10-80"));
        Assert.Equal(["app/[id].tsx"], project.Names("app/[id].tsx"));
        Assert.Equal(["app/[id].tsx:1"], project.Names("app/[id].tsx:1-1"));
        Assert.Equal(["app/[slug]/page.tsx"], project.Names("app/[slug]/*.tsx"));
        Assert.Equal(["*.md"], project.Names("*.md"));
    }

    [Fact]
    public void Reads_a_file_once_by_whatever_names_it_comes()
    {
        using var project = new FileProject().With("src/a.cs").WithLink("link.cs", "src/a.cs").WithLink("folder", "src");

        Assert.Equal(["src/a.cs"], project.Names("link.cs", "src/a.cs", "./src//a.cs", "src/*.cs", "**/*.cs", "folder/a.cs", "folder/*.cs"));
        Assert.Equal(["link.cs"], project.Names("link.cs"));
    }

    [Fact]
    public void Makes_the_same_text_in_whatever_order_and_by_whatever_pattern_the_files_are_named()
    {
        using var project = new FileProject().With("b.cs", "b\n").With("a.cs", "a\n").With("B.cs", "B\n").With("sub/a.cs", "sub\n");

        var text = project.Read("a.cs", "b.cs", "B.cs", "sub/a.cs").Text;
        Assert.Equal(text, project.Read("sub/a.cs", "B.cs", "b.cs", "a.cs", "a.cs").Text);
        Assert.Equal(text, project.Read("**/*.cs").Text);
        Assert.Equal(text, project.Read("sub/*", "*.cs").Text);
        Assert.Equal(["B.cs", "a.cs", "b.cs", "sub/a.cs"], project.Names("**/*.cs"));
    }

    [Fact]
    public void Names_all_that_cannot_be_read_each_with_its_reason_and_sends_nothing()
    {
        using var project = new FileProject("""{ "files": { "largest_mib": 1 } }""")
            .With("src/Parser.cs").With("src/Lexer.cs").With("logo.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]).With("zeros.bin", new byte[64])
            .With("large.log", new byte[(1 << 20) + 1]).With(".env", "KEY=1\n").WithPipe("pipe").WithLink("away", "/etc/hostname").WithLink("nowhere", "gone").With(".claude/settings.json", """{ "permissions": { "deny": ["Read(./hidden/**)"] } }""").With("hidden/a.md");

        var failure = project.Failure("src/Lexer.cs", "src/Pasrer.cs", "logo.png", "zeros.bin", "large.log", ".env", "pipe", "away", "nowhere", "hidden/a.md", "src", "../up", "/etc/passwd", "~/x", "");

        Assert.StartsWith("Nothing was sent to the model: of the 15 references to files, 14 cannot be read.\n", failure);
        Assert.Contains("\n- src/Pasrer.cs: there is no such file; near it is src/Parser.cs\n", failure);
        Assert.Contains("\n- logo.png: it seems to be a PNG picture, not text\n", failure);
        Assert.Contains("\n- zeros.bin: it is binary, not text\n", failure);
        Assert.Contains("\n- large.log: it has 1.0 MiB, and files of more than 1 MiB are not read; files.largest_mib in settings.json says how much\n", failure);
        Assert.Contains("\n- .env: on the list of secret files (", failure);
        Assert.Contains("\n- hidden/a.md: hidden from Claude by Read(./hidden/**) in ", failure);
        Assert.Contains("\n- pipe is a pipe, a socket or a device, and only regular files are read.\n", failure);
        Assert.Contains("\n- away is a link, or lies behind one, that leads out of the project. ", failure);
        Assert.Contains("\n- nowhere is a link that leads to nothing, or round in a circle. ", failure);
        Assert.Contains("\n- src is a folder. Name files in it, or a pattern like src/**.\n", failure);
        Assert.Contains("\n- ../up leads out of the project by its .. parts. ", failure);
        Assert.Contains("\n- /etc/passwd is an absolute path, and it is not in the project", failure);
        Assert.Contains("\n- ~/x begins in a home folder", failure);
        Assert.Contains("\n- The path is empty. ", failure);
        Assert.EndsWith("\nName others, or leave these out, and ask again.", failure);
    }

    [Fact]
    public void Lists_twenty_of_many_refusals_in_the_order_of_the_call_and_says_how_many_more_there_are()
    {
        using var project = new FileProject();

        var failure = project.Failure([.. Enumerable.Range(0, 57).Select(i => $"missing-{(i * 7) % 57}.txt")]);

        Assert.Contains("of the 57 references to files, 57 cannot be read", failure);
        Assert.Equal(20, failure.Split('\n').Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
        Assert.Contains("\n- missing-0.txt: there is no such file\n- missing-7.txt: there is no such file\n", failure);
        Assert.Contains("\nand 37 more\n", failure);
    }

    [Fact]
    public void Names_what_is_near_a_missing_file_in_its_folder_and_elsewhere_but_nothing_that_is_hidden()
    {
        using var project = new FileProject().With("src/deep/Parser.cs").With("src/Lexer.cs").With(".env").With("tests/LexerTests.cs");

        Assert.Contains("- Parser.cs: there is no such file; near it is src/deep/Parser.cs\n", project.Failure("Parser.cs"));
        Assert.Contains("- scr/Lexer.cs: there is no such file; near it is src/Lexer.cs\n", project.Failure("scr/Lexer.cs"));
        Assert.Contains("- Parser.cs:10-80: there is no such file; near it is src/deep/Parser.cs\n", project.Failure("Parser.cs:10-80"));
        Assert.Contains("- src/lexer.cs: there is no such file; near it is src/Lexer.cs\n", project.Failure("src/lexer.cs"));
        Assert.DoesNotContain(".env;", project.Failure("x.env"));
        Assert.DoesNotContain("is .env", project.Failure("x.env"));
    }

    [Fact]
    public void Waits_for_no_pipe()
    {
        using var project = new FileProject().WithPipe("pipe").With("a.txt");

        var read = project.Read("*");
        Assert.Equal("a.txt", Assert.Single(read.Files).Name);
        Assert.Equal(["pipe (is a pipe, a socket or a device, and only regular files are read)"], read.LeftOut);
    }

    [Theory]
    [InlineData("two\nlines.txt", "two\\u000Alines.txt")]
    [InlineData("quote\"s and 'these'.txt", "quote\"s and 'these'.txt")]
    [InlineData("-dash.txt", "-dash.txt")]
    [InlineData("#hash.txt", "#hash.txt")]
    [InlineData("!bang.txt", "!bang.txt")]
    [InlineData(" spaces in it .txt", " spaces in it .txt")]
    [InlineData("日本語 и ελ.txt", "日本語 и ελ.txt")]
    [InlineData("escape\u001b[31m.txt", "escape\\u001B[31m.txt")]
    [InlineData("back\\slash.txt", "back\\slash.txt")]
    [InlineData("{a,b}.txt", "{a,b}.txt")]
    [InlineData("a\r```\nfence", "a\\u000D```\\u000Afence")]
    public void Reads_files_of_odd_names_by_path_lines_and_pattern(string name, string shown)
    {
        using var project = new FileProject().With(name, "text\n").With("plain/x.md");

        Assert.Equal([shown], project.Names(name));
        Assert.Equal([shown + ":1"], project.Names(name + ":1"));
        Assert.Contains(shown, project.Names("*"));
        Assert.StartsWith($"File: {shown}\n```\ntext\n", project.Read(name).Text);
    }

    [Theory]
    [InlineData("caf\u00E9/r\u00E9sum\u00E9.md", "cafe\u0301/re\u0301sume\u0301.md")]
    [InlineData("\u1EC7.txt", "e\u0323\u0302.txt")]
    [InlineData("\uAC01\uAC00.txt", "\u1100\u1161\u11A8\u1100\u1161.txt")]
    [InlineData("\u304C.txt", "\u304B\u3099.txt")]
    [InlineData("\u0439.txt", "\u0438\u0306.txt")]
    public void Finds_a_name_in_the_other_normal_form(string composed, string decomposed)
    {
        foreach (var (there, named) in new[] { (composed, decomposed), (decomposed, composed) })
        {
            using var project = new FileProject().With(there);

            Assert.Equal([there], project.Names(named));
            Assert.Equal([there + ":1"], project.Names(named + ":1"));
            Assert.Equal([there], project.Names(Path.Combine(Path.GetDirectoryName(named)!, "*")));
        }
    }

    [Fact]
    public void Takes_nothing_for_the_other_form_of_a_name_that_is_not()
    {
        using var project = new FileProject().With("o\u0308.txt").With("\u00E9.txt");

        Assert.Contains("there is no such file", project.Failure("\u00E8.txt"));
        Assert.Contains("there is no such file", project.Failure("\u00F6\u0301.txt"));
    }

    [Fact]
    public void Says_that_a_file_is_empty()
    {
        using var project = new FileProject().With("empty.cs", "").With("mark.cs", [0xEF, 0xBB, 0xBF]);

        Assert.Equal("File: empty.cs (it is empty)\n\nFile: mark.cs (it is empty)", project.Read("*.cs").Text);
    }

    [Fact]
    public void Reads_nothing_when_nothing_is_named()
    {
        using var project = new FileProject("not even settings");

        Assert.Same(FileSet.None, project.Reader.Read([], new Roots([]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Reads_a_thousand_paths_in_one_call_and_refuses_one_more()
    {
        using var project = new FileProject();
        var names = Enumerable.Range(0, 1_000).Select(i => $"src/{i % 10}/file{i}.cs").ToArray();
        foreach (var name in names)
            project.With(name, $"// {name}\n");

        Assert.Equal(names.Order(StringComparer.Ordinal), project.Names(names));
        Assert.Equal(project.Read(names).Text, project.Read("src/**").Text);

        project.With("src/one-more.cs");
        Assert.StartsWith("Nothing was sent to the model: 1,001 files are named, and one call reads 1,000 at most.", project.Failure([.. names, "src/one-more.cs"]));
        Assert.StartsWith("Nothing was sent to the model: src/** and what else is named are 1,001 files, and one call reads 1,000 at most. Begin the pattern further down", project.Failure("src/**"));
    }

    [Fact]
    public void Refuses_ten_thousand_references_and_one()
    {
        using var project = new FileProject().With("a.txt");

        Assert.Single(project.Read([.. Enumerable.Repeat("a.txt", FileReader.MostReferences)]).Files);
        Assert.StartsWith("Nothing was sent to the model: 10,001 references to files are too many; 10,000 are the most.", project.Failure([.. Enumerable.Repeat("a.txt", FileReader.MostReferences + 1)]));
    }

    [Fact]
    public void Bounds_what_is_read_together_and_names_the_largest()
    {
        using var project = new FileProject("""{ "files": { "largest_mib": 64 } }""");
        foreach (var (name, mebibytes) in new[] { ("a.txt", 30), ("b.txt", 20), ("c.txt", 15), ("d.txt", 1) })
        {
            var bytes = new byte[mebibytes << 20];
            bytes.AsSpan().Fill((byte)'x');
            project.With(name, bytes);
        }

        Assert.StartsWith("Nothing was sent to the model: the 4 files have more than 64.0 MiB together, the most that one call reads. The largest are a.txt (30.0 MiB), b.txt (20.0 MiB), c.txt (15.0 MiB), d.txt (1.0 MiB).", project.Failure("*.txt"));
    }

    [Fact]
    public void Never_fills_the_memory_with_a_sparse_file()
    {
        using var project = new FileProject();
        using (var file = File.OpenHandle(project.At("sparse"), FileMode.CreateNew, FileAccess.Write))
            RandomAccess.SetLength(file, 1L << 40);

        Assert.Contains("- sparse: it has 1,048,576.0 MiB, and files of more than 4 MiB are not read", project.Failure("sparse"));
    }

    [Fact]
    public void Reads_no_more_of_a_file_than_it_may_whatever_its_length_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is a file that says that it has no bytes, and has some, on Linux.");
        using var file = File.OpenHandle("/proc/self/status");

        Assert.Equal(0, RandomAccess.GetLength(file));
        Assert.Null(FileBytes.Read(file, 10, TestContext.Current.CancellationToken));
        Assert.StartsWith("Name:", System.Text.Encoding.UTF8.GetString(FileBytes.Read(file, 1 << 20, TestContext.Current.CancellationToken)!));
    }

    [Fact]
    public void Says_of_one_reference_alone_what_is_wrong()
    {
        using var project = new FileProject();

        Assert.Equal("Nothing was sent to the model: what it was to get cannot be read.\n- a.txt: there is no such file\nName another, or leave it out, and ask again.", project.Failure("a.txt"));
    }

    [Fact]
    public void Reads_files_of_several_roots_and_names_those_that_another_root_hides()
    {
        using var project = new FileProject().With("README.md", "first\n").With("a.log").With(".gitignore", "*.log\n");
        var second = project.Outside;
        File.WriteAllText(Path.Combine(second, "README.md"), "second\n");
        File.WriteAllText(Path.Combine(second, "other.md"), "other\n");
        File.WriteAllText(Path.Combine(second, "b.log"), "log\n");
        var roots = new Roots([project.Roots.Folders[0], Unix.RealPath(second)!]);

        var read = project.Reader.Read(["*", "other.md"], roots, TestContext.Current.CancellationToken);
        Assert.Equal(["README.md", "b.log", "other.md"], read.Files.Select(file => file.Name));
        Assert.Contains("first", read.Text);
        Assert.Equal([$"{roots.Folders[1]}/README.md (a file of the same name in another root goes before it)", "1 that .gitignore names"], read.LeftOut);
    }

    [Fact]
    public void Stops_when_it_is_cancelled()
    {
        using var project = new FileProject().With("a.txt");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => project.Reader.Read(["a.txt"], project.Roots, cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => project.Reader.Read(["**"], project.Roots, cancelled.Token));
    }
}
