using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class FileQuoteTests
{
    [Theory]
    [InlineData("plain\n", "```")]
    [InlineData("```\ncode\n```\n", "````")]
    [InlineData("a run of `````` in a line\n", "```````")]
    public void Fences_a_text_with_more_backticks_than_it_has(string text, string fence) =>
        Assert.Equal($"File: a\n{fence}\n{text}{fence}", FileQuote.Whole("a", text).Text);

    [Fact]
    public void Ends_the_last_line_before_the_fence() => Assert.Equal("File: a\n```\nno end\n```", FileQuote.Whole("a", "no end").Text);

    [Fact]
    public void Aligns_the_numbers_of_lines_and_leaves_no_space_behind_those_of_empty_ones()
    {
        var lines = FileQuote.Lines(string.Concat(Enumerable.Range(1, 120).Select(i => i % 2 == 0 ? "\n" : $"  line {i}\n")));

        Assert.Equal("File: a.py, lines 98-101 of 120\n```python\n 98|\n 99|   line 99\n100|\n101|   line 101\n```", FileQuote.Of("a.py", lines, new LineRange(98, 101)).Text);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 1)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\n\n", 2)]
    [InlineData("a\nb", 2)]
    public void Counts_lines_as_editors_do(string text, int lines) => Assert.Equal(lines, FileQuote.Lines(text).Count);

    [Theory]
    [InlineData("a.CS", "csharp")]
    [InlineData("a.test.tsx", "tsx")]
    [InlineData("Makefile", "")]
    [InlineData("a.h", "")]
    [InlineData(".gitignore", "")]
    public void Names_the_language_where_the_extension_says_it_plainly(string name, string tag) => Assert.Equal(tag, Language.Of(name));
}
