using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("*.cs", "a.cs")]
    [InlineData("?.cs", "a.cs")]
    [InlineData("**/*.cs", "a.cs src/b.cs src/deep/c.cs")]
    [InlineData("src/**", "src/b.cs src/b.ts src/deep/c.cs src/deep/d1.md src/deep/d2.md")]
    [InlineData("src/*", "src/b.cs src/b.ts")]
    [InlineData("./src//*", "src/b.cs src/b.ts")]
    [InlineData("src/**/*.cs", "src/b.cs src/deep/c.cs")]
    [InlineData("**/deep/**", "src/deep/c.cs src/deep/d1.md src/deep/d2.md")]
    [InlineData("**/**/**/c.cs", "src/deep/c.cs")]
    [InlineData("src/b.{cs,ts}", "src/b.cs src/b.ts")]
    [InlineData("{a,src/b,src/{deep/c,none}}.cs", "a.cs src/b.cs src/deep/c.cs")]
    [InlineData("src/deep/d[12].md", "src/deep/d1.md src/deep/d2.md")]
    [InlineData("src/deep/d[!1].md", "src/deep/d2.md")]
    [InlineData("src/deep/[a-d][^2]?*", "src/deep/c.cs src/deep/d1.md")]
    [InlineData("*/deep/c.??", "src/deep/c.cs")]
    [InlineData(".*", ".dot")]
    [InlineData(".git[x-z]/*", ".gity/in")]
    [InlineData("s*/*p/c*", "src/deep/c.cs")]
    public void Reads_what_a_pattern_means(string pattern, string names)
    {
        using var project = new FileProject().With("a.cs").With("src/b.cs").With("src/b.ts").With("src/deep/c.cs").With("src/deep/d1.md").With("src/deep/d2.md").With(".dot").With(".gity/in");

        Assert.Equal(names.Split(' '), project.Names(pattern));
    }

    [Fact]
    public void Refuses_what_is_longer_than_any_path()
    {
        using var project = new FileProject().With("a.cs");
        var refusal = Assert.Throws<LocalMcpException>(() => project.Names(new string('{', 5_000))).Message;
        Assert.Contains("has 5,000 characters, and 4,096 are the most", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_names_with_a_dot_git_and_node_modules_unless_they_are_spelled()
    {
        using var project = new FileProject().With("a.json").With(".hidden.json").With(".config/b.json").With(".git/c.json").With("node_modules/pkg/package.json").With("web/node_modules/pkg/package.json");

        Assert.Equal(["a.json"], project.Names("**/*.json"));
        Assert.Equal(["a.json"], project.Names("**"));
        Assert.Equal(["node_modules/pkg/package.json"], project.Names("node_modules/*/*.json"));
        Assert.Equal([".config/b.json"], project.Names(".config/**"));
    }

    [Fact]
    public void Follows_gitignore_of_the_root_and_below_unless_a_path_is_spelled()
    {
        using var project = new FileProject()
            .With(".gitignore", "# built\nbin/\n*.log\r\n!keep.log\n/only-here.txt\nsub/*.tmp\n").With("sub/.gitignore", "!again.log\n*.txt\n")
            .With("a.txt").With("only-here.txt").With("deep/only-here.txt").With("x.log").With("keep.log").With("bin/b.txt").With("sub/again.log").With("sub/other.log").With("sub/c.txt").With("sub/d.tmp").With("sub/e.md");

        var read = project.Read("**");
        Assert.Equal(["a.txt", "deep/only-here.txt", "keep.log", "sub/again.log", "sub/e.md"], read.Files.Select(file => file.Name));
        Assert.Equal(["5 that .gitignore names"], read.LeftOut);
        Assert.Equal(["bin/b.txt"], project.Names("bin/*"));
        Assert.Equal(["x.log"], project.Names("x.log"));
        Assert.Contains("- x*: no file matches but 1 that .gitignore names; these can be named without a pattern\n", project.Failure("x*"));
    }

    [Fact]
    public void Does_not_follow_links_to_folders_but_for_those_that_are_spelled()
    {
        using var project = new FileProject().With("src/a.cs").WithLink("src/round", "..").WithLink("other", "src");
        project.WithLink("away", project.Outside);
        File.WriteAllText(Path.Combine(project.Outside, "secret.cs"), "secret");

        Assert.Equal(["src/a.cs"], project.Names("**"));
        Assert.Equal(["other/a.cs"], project.Names("other/*.cs"));
        Assert.Equal(["src/round/other/a.cs"], project.Names("src/round/other/**/*.cs"));
        Assert.Contains("leads out of the project", project.Failure("away/*.cs"));
        Assert.Contains("- *way/*.cs: no file matches", project.Failure("*way/*.cs"));
    }

    [Fact]
    public void Names_what_a_pattern_matches_and_must_not_be_read()
    {
        using var project = new FileProject().With("a.txt").With("b.pem").With("logo.txt", [0x89, 0x50, 0x4E, 0x47, 0, 0]).WithLink("nowhere", "gone").WithLink("host", "/etc/hostname")
            .With(".claude/settings.json", """{ "permissions": { "deny": ["Read(./hidden/**)"] } }""").With("hidden/a.md").With("hidden/b.md");

        var read = project.Read("**");
        Assert.Equal(["a.txt"], read.Files.Select(file => file.Name));
        Assert.Collection(
            read.LeftOut,
            left => Assert.StartsWith("b.pem (on the list of secret files (", left),
            left => Assert.StartsWith("hidden/ (hidden from Claude by Read(./hidden/**) in ", left),
            left => Assert.Equal("host (is a link, or lies behind one, that leads out of the project)", left),
            left => Assert.Equal("logo.txt (it seems to be a PNG picture, not text)", left),
            left => Assert.Equal("nowhere (is a link that leads to nothing, or round in a circle)", left));
        Assert.StartsWith("Nothing was sent to the model: all that *.pem, no* matches is left out.\n- b.pem (on the list of secret files (", project.Failure("*.pem", "no*"));
        Assert.Equal(["a.txt"], project.Names("a.txt", "*.pem"));
        Assert.Contains("- b.pem: on the list of secret files (", project.Failure("*", "b.pem"));
    }

    [Fact]
    public void Names_twenty_that_are_left_out_and_says_how_many_more_there_are()
    {
        using var project = new FileProject().With("a.txt");
        for (var i = 0; i < 30; i++)
            project.With($"b{i:00}.txt", [0, 1]);

        var left = project.Read("*.txt").LeftOut;
        Assert.Equal(21, left.Count);
        Assert.Equal("and 10 more", left[^1]);
    }

    [Theory]
    [InlineData("src/*.cs", "no file matches; in its place are 2 *.tsx and 1 *.css")]
    [InlineData("scr/*.tsx", "there is no folder scr; near it is src")]
    [InlineData("src/comp/**/*.tsx", "there is no folder src/comp; near it is src/components")]
    [InlineData("docs/*.cobol", "no file matches; in its place are 1 *.md")]
    [InlineData("*.css", "no file matches; **/*.css matches 1")]
    [InlineData("**/*.cobol", "no file matches; in its place are 2 *.tsx, 1 *.css and 1 *.md")]
    public void Says_what_is_near_a_pattern_that_matches_nothing(string pattern, string words)
    {
        using var project = new FileProject().With("src/a.tsx").With("src/b.tsx").With("src/c.css").With("docs/d.md");
        Directory.CreateDirectory(project.At("src/components"));

        Assert.Contains($"- {pattern}: {words}\n", project.Failure(pattern));
    }

    [Theory]
    [InlineData("../*", "leads out of the project by its .. parts")]
    [InlineData("src/../../*", "leads out of the project by its .. parts")]
    [InlineData("{a,../../etc}/*", "leads out of the project by its .. parts")]
    [InlineData("/etc/*", "is an absolute path")]
    [InlineData("{/etc,src}/pass*", "is an absolute path")]
    [InlineData("~/*", "begins in a home folder")]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "stands for more than 100 patterns")]
    public void Refuses_patterns_that_lead_out_or_stand_for_too_much(string pattern, string words)
    {
        using var project = new FileProject().With("src/a.cs");

        Assert.Contains(words, project.Failure(pattern));
    }

    [Fact]
    public void Says_how_far_it_came_when_there_are_too_many_names_to_look_at()
    {
        // A hundred ways into a folder of a thousand names and one.
        using var project = new FileProject().With("many/a.txt");
        for (var i = 0; i < 1_000; i++)
            project.With($"many/{i}.md", "");
        for (var i = 10; i < 110; i++)
            project.WithLink($"way{i}", "many");
        var ways = string.Join(',', Enumerable.Range(10, 99));

        var failure = project.Failure($"way{{{ways},109}}/*.txt");
        Assert.Contains(" would look through more than 100,000 names in ", failure);
        Assert.Matches("; [0-9]+ files matched by then. Begin the pattern with a folder, like src/\\*\\*/\\*.cs", failure);
        Assert.Single(project.Read($"way{{{ways}}}/*.txt").Files);
    }

    [Fact]
    public void Looks_at_names_in_no_more_time_than_their_length_and_that_of_the_pattern_make()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 40)) + "b";
        using var project = new FileProject().With(new string('a', 200)).With("d/" + string.Concat(Enumerable.Repeat("a/", 100)) + "c");

        Assert.Contains("no file matches", project.Failure(pattern));
        Assert.Contains("no file matches", project.Failure(string.Concat(Enumerable.Repeat("**/*/", 40)) + "z"));
    }
}
