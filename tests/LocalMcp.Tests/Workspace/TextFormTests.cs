using System.Text;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public class TextFormTests
{
    [Theory]
    [InlineData("a\r\nb\r\nc\n", "x\r\ny\r\n")]
    [InlineData("a\nb\nc\r\n", "x\ny\n")]
    [InlineData("a\nb\r\n", "x\ny\n")]
    [InlineData("a\r\n", "x\r\ny\r\n")]
    [InlineData("a", "x\ny\n")]
    [InlineData("", "x\ny\n")]
    public void Lines_end_as_most_of_them_did(string old, string written)
    {
        var form = TextForm.Of(Encoding.UTF8.GetBytes(old));
        Assert.Equal(written, Encoding.UTF8.GetString(form.Encode("x\ny\n")));
        if (form.LineEnd is not null)
            Assert.Equal(written, Encoding.UTF8.GetString(form.Encode("x\r\ny\n")));
    }

    [Fact]
    public void A_new_file_has_the_line_ends_of_its_text_and_no_mark() => Assert.Equal("x\r\ny\n"u8.ToArray(), TextForm.New.Encode("\uFEFFx\r\ny\n"));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Encoding_and_mark_are_kept(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] Marked(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        Assert.NotEmpty(encoding.GetPreamble());
        Assert.Equal(Marked("ä€😀\r\nb\r\n"), TextForm.Of(Marked("1\r\n2\r\n")).Encode("ä€😀\nb\n"));
    }

    [Fact]
    public void A_character_that_is_cut_at_the_end_of_a_beginning_is_none_of_another_encoding()
    {
        Assert.All(Enumerable.Range(0, 6), length => Assert.True(TextForm.Of("é😀"u8[..length]).IsKnown));
        Assert.False(TextForm.Of([.. "é😀"u8[..5], (byte)'a']).IsKnown);
        Assert.False(TextForm.Of([(byte)'a', 0xE9, (byte)'b', (byte)'c', (byte)'d', (byte)'e']).IsKnown);
    }

    [Fact]
    public void Half_a_character_becomes_the_sign_for_it() => Assert.Equal("a\uFFFD"u8.ToArray(), TextForm.New.Encode("a\uD83D"));
}
