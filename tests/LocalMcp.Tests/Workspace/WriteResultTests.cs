using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public class WriteResultTests
{
    [Fact]
    public void A_receipt_quotes_both_ends()
    {
        var text = string.Concat(Enumerable.Range(1, 1_234).Select(number => $"line {number}\n"));
        Assert.Equal(
            """
            Wrote tests/ParserTests.cs: 1,234 lines, 8,120 bytes, new file.
            > line 1
            > line 2
            > line 3
            …
            > line 1232
            > line 1233
            > line 1234
            """,
            WriteResult.Of("tests/ParserTests.cs", text, 8_120).Receipt);
    }

    [Theory]
    [InlineData("a\n", 1, "a")]
    [InlineData("a\n\nb", 3, "a||b")]
    [InlineData("a\nb\nc\nd\r\n", 4, "a|b|c|d")]
    [InlineData("1\n2\n3\n4\n5\n6\n", 6, "1|2|3|4|5|6")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n", 7, "1|2|3|5|6|7")]
    [InlineData("\n", 1, "")]
    [InlineData("", 0, null)]
    public void No_line_is_quoted_twice(string text, int lines, string? quoted)
    {
        var result = WriteResult.Of("a", text, 1);
        Assert.Equal(lines, result.Lines);
        Assert.Equal(quoted, lines == 0 ? null : string.Join('|', result.First.Concat(result.Last)));
        Assert.Equal(lines > 6, result.Receipt.Contains('…'));
    }

    [Fact]
    public void Long_lines_are_cut_between_characters()
    {
        var cut = WriteResult.Of("a", string.Concat(Enumerable.Repeat("😀", 300)), 1_200).First[0];
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 119)) + "…", cut);
        var whole = new string('x', 120);
        Assert.Equal(whole, WriteResult.Of("a", whole, 120).First[0]);
    }

    [Fact]
    public void Control_characters_are_escaped()
    {
        var receipt = WriteResult.Of("a\nb", "\t\u001b[31m\u202Ex\0\u2028\uD83D\n", 9).Receipt;
        Assert.Equal("Wrote a\\u000Ab: 1 line, 9 bytes, new file.\n> \\t\\u001B[31m\\u202Ex\\u0000\\u2028\uFFFD", receipt);
    }

    [Fact]
    public void What_was_replaced_and_what_was_kept_is_said()
    {
        var result = WriteResult.Of("a", "b\n", 2);
        Assert.Equal("Wrote a: 1 line, 2 bytes, replaced a file of 1 byte.\n> b", (result with { Replaced = 1 }).Receipt);
        Assert.Equal("Wrote a: 1 line, 2 bytes, replaced a file of 7,000 bytes. Other names of the old file (hard links) keep the old text.\n> b", (result with { Replaced = 7_000, HadOtherNames = true }).Receipt);
        Assert.Equal("Kept a: 1 line, 2 bytes.\n> b", (result with { IsPartial = true }).Receipt);
    }
}
