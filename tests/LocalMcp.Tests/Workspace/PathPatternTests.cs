using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

// What git check-ignore says of each of these.
public sealed class PathPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b/a", true)]
    [InlineData("a", "ab", false)]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "b/a", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "c/a/b", false)]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "b/.txt", true)]
    [InlineData("*.txt", "a.txt2", false)]
    [InlineData("a/*.txt", "a/b.txt", true)]
    [InlineData("a/*.txt", "a/b/c.txt", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a?c/x", "a/c/x", false)]
    [InlineData("**/a", "a", true)]
    [InlineData("**/a", "x/y/a", true)]
    [InlineData("**/a/b", "x/a/b", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("a/**/b", "ab", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("/**", "a/b", true)]
    [InlineData("**/", "a", false)]
    [InlineData("a**b/c", "axxb/c", true)]
    [InlineData("a**b/c", "ax/xb/c", false)]
    [InlineData("[abc]", "b", true)]
    [InlineData("[a-c]", "b", true)]
    [InlineData("[!a]", "a", false)]
    [InlineData("[!a]", "b", true)]
    [InlineData("[^a]", "b", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData(@"[\]]", "]", true)]
    [InlineData("[[:digit:]]x", "7x", true)]
    [InlineData("[[:digit:]]x", "ax", false)]
    [InlineData("[[:nothing:]]", "a", false)]
    [InlineData("[a", "[a", false)]
    [InlineData("x[!a]y/z", "x/y/z", false)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData(@"\#a", "#a", true)]
    [InlineData(@"\!a", "!a", true)]
    [InlineData(@"a\", "a", false)]
    [InlineData(@"a\", @"a\", false)]
    [InlineData("a ", "a", true)]
    [InlineData(@"a\ ", "a ", true)]
    [InlineData(@"a\ ", "a", false)]
    [InlineData("", "a", false)]
    [InlineData("/", "a", false)]
    [InlineData("A", "a", false)]
    [InlineData("?", "😀", true)]
    public void Matches_a_path_as_git_does(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern, ignoreCase: false).Matches(path, isFolder: false));

    [Theory]
    [InlineData("a.TXT", "A.txt")]
    [InlineData("[a-c]", "B")]
    [InlineData("[A-C]", "b")]
    [InlineData("É*", "éa")]
    public void Ignores_case_where_it_is_told_to(string pattern, string path)
    {
        Assert.True(PathPattern.Parse(pattern, ignoreCase: true).Matches(path, isFolder: false));
        Assert.False(PathPattern.Parse(pattern, ignoreCase: false).Matches(path, isFolder: false));
    }

    [Fact]
    public void Matches_folders_only_with_a_slash_at_its_end_and_covers_what_is_in_them()
    {
        var pattern = PathPattern.Parse("secrets/", ignoreCase: false);
        Assert.False(pattern.Matches("a/secrets", isFolder: false));
        Assert.True(pattern.Matches("a/secrets", isFolder: true));
        Assert.False(pattern.Covers("a/secrets", isFolder: false));
        Assert.True(pattern.Covers("a/secrets/b/c.txt", isFolder: false));
        Assert.False(pattern.Matches("a/secrets/b/c.txt", isFolder: false));
    }

    [Fact]
    public void Knows_a_negation()
    {
        Assert.True(PathPattern.Parse("!a", ignoreCase: false).IsNegated);
        Assert.True(PathPattern.Parse("!a", ignoreCase: false).Matches("a", isFolder: false));
        Assert.False(PathPattern.Parse(@"\!a", ignoreCase: false).IsNegated);
    }

    [Theory]
    [InlineData("a.log", true)]
    [InlineData("keep.log", false)]
    [InlineData("build/keep.log", true)]
    [InlineData("sub/keep.log", false)]
    [InlineData("a.txt", false)]
    public void Lets_the_last_one_of_a_list_decide_but_nothing_out_of_a_folder_that_is_covered(string path, bool covered) =>
        Assert.Equal(covered, PathPatterns.Parse(["*.log", "build/", "!keep.log"], ignoreCase: false).Covers(path, isFolder: false));

    // As deep as a file may be long; a thread has 1.5 MiB of stack in some places, and a pattern must not need it.
    [Fact]
    public void Reads_as_many_folders_that_may_be_left_away_as_a_file_has_room_for()
    {
        var pattern = PathPattern.Parse(string.Concat(Enumerable.Repeat("**/", 100_000)) + "x", ignoreCase: false);
        var (matches, other) = (false, true);
        var thread = new Thread(() => (matches, other) = (pattern.Matches("a/x", isFolder: false), pattern.Matches("a/y", isFolder: false)), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(matches);
        Assert.False(other);
    }

    // A matcher that goes back and tries again would not end before the sun does.
    [Theory]
    [InlineData("*a", "b")]
    [InlineData("**/a/", "b")]
    [InlineData("*[ab]", "c")]
    [InlineData("?*", "/b")]
    public void Matches_a_pattern_with_hundreds_of_stars_in_one_pass(string part, string end)
    {
        var pattern = PathPattern.Parse(string.Concat(Enumerable.Repeat(part, 500)) + end, ignoreCase: true);
        Assert.False(pattern.Covers(new string('a', 2_000) + "x", isFolder: false));
        Assert.False(pattern.Covers(string.Concat(Enumerable.Repeat("a/", 500)) + "x", isFolder: false));
    }
}
