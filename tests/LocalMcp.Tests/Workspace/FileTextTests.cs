using System.Text;
using System.Text.Json;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class FileTextTests
{
    private const string Letters = "Grüße, žluťoučký kůň, 日本語, 🙂\n";
    private const string Western = "Grüße aus Köln – „déjà vu“, 5 €\n";

    public static TheoryData<string, string> Encodings => new()
    {
        { "utf-8", Letters },
        { "utf-16", Letters },
        { "utf-16BE", Letters },
        { "utf-32", Letters },
        { "utf-32BE", Letters },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Reads_a_text_by_the_mark_at_its_beginning(string name, string text)
    {
        var encoding = Encoding.GetEncoding(name);

        Assert.Equal(text, Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));
        Assert.Equal("", Read(encoding.GetPreamble()));
    }

    [Fact]
    public void Reads_utf_8_without_a_mark() => Assert.Equal(Letters, Read(Encoding.UTF8.GetBytes(Letters)));

    [Fact]
    public void Reads_utf_16_without_a_mark_where_it_is_obvious()
    {
        Assert.Equal(Western, Read(Encoding.Unicode.GetBytes(Western)));
        Assert.Equal(Western, Read(Encoding.BigEndianUnicode.GetBytes(Western)));
        Assert.Equal("[Version]\nClass=USB\n", Read(Encoding.Unicode.GetBytes("[Version]\r\nClass=USB\r\n")));
    }

    [Fact]
    public void Reads_windows_1252_where_it_makes_a_text()
    {
        Assert.Equal("Grüße aus Köln – „déjà vu“, 5 €\n", Read("Gr\u00FC\u00DFe aus K\u00F6ln \u0096 \u0084d\u00E9j\u00E0 vu\u0093, 5 \u0080\n".Select(letter => (byte)letter).ToArray()));
    }

    [Fact]
    public void Keeps_utf_8_that_is_cut_within_a_letter()
    {
        var bytes = Encoding.UTF8.GetBytes(Letters);

        Assert.Equal("\uFFFD" + Letters[3..], Read(bytes[3..]));
        Assert.Equal(Letters[..^3] + "\uFFFD", Read(bytes[..^2]));
    }

    [Fact]
    public void Refuses_text_in_a_code_page_that_is_not_known_with_what_to_do()
    {
        // Russian in KOI8-R: letters from 0xC0 to 0xFF.
        var russian = Enumerable.Range(0, 200).Select(i => (byte)(i % 7 == 0 ? ' ' : 0xC0 + i * 5 % 64)).ToArray();

        Assert.Equal("it is binary, or text that is neither UTF-8, UTF-16 nor Windows-1252; convert it to UTF-8", FileText.Of(russian).Else);
    }

    public static TheoryData<byte[], string> Binaries => new()
    {
        { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "it seems to be a PNG picture, not text" },
        { [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46], "it seems to be a JPEG picture, not text" },
        { [.. "%PDF-1.7\nall of it ASCII\n"u8], "it seems to be a PDF document, not text" },
        { [.. "PK\u0003\u0004"u8, 20, 0, 0, 0], "it seems to be a ZIP archive, or an office document, a JAR or a wheel, which are such, not text" },
        { [0x7F, .. "ELF"u8, 2, 1, 1, 0], "it seems to be a program or library (ELF), not text" },
        { [.. "GGUF"u8, 3, 0, 0, 0], "it seems to be a model (GGUF), not text" },
        { [.. "SQLite format 3\0"u8, 16, 0], "it seems to be an SQLite database, not text" },
        { [.. "a text with a "u8, 0, .. " in it"u8], "it is binary, not text" },
        { [.. Enumerable.Range(0, 500).Select(i => (byte)(i % 3 == 0 ? 1 : 'a'))], "it is binary, not text" },
        { [0xFF, 0xFE, (byte)'a', .. Enumerable.Repeat((byte)0, 41)], "it begins like UTF-16 text, and is not" },
        { [.. Enumerable.Range(0, 400).SelectMany(i => new byte[] { (byte)(2 + i % 20), 0 })], "it is binary, not text" },
    };

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Refuses_what_is_no_text_with_what_it_seems_to_be(byte[] bytes, string words)
    {
        var read = FileText.Of(bytes);

        Assert.Null(read.Text);
        Assert.Equal(words, read.Else);
    }

    [Theory]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\rb\r", "a\nb\n")]
    [InlineData("a\nb\rc\r\n", "a\nb␍c\n")]
    [InlineData("tab\tstays\n", "tab\tstays\n")]
    [InlineData("\u001b[31mred\u001b[0m\f\n", "␛[31mred␛[0m␌\n")]
    [InlineData("del\u007F, next line\u0085\n", "del␡, next line\uFFFD\n")]
    [InlineData("no end", "no end")]
    public void Tidies_line_ends_and_controls(string text, string tidy) => Assert.Equal(tidy, Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Makes_no_half_surrogates_of_whatever_bytes()
    {
        Assert.Equal("a\uFFFDb and more to read here, so that one bad letter is not one of many\n", Read([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("b and more to read here, so that one bad letter is not one of many\n")]));
        Assert.Equal("a\uFFFDb\uFFFD🙂\uFFFD", TidyText.Of("a\uD800b\uDC00🙂\uD83D"));

        var random = new Random(20_260);
        for (var run = 0; run < 1_000; run++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (run % 3 == 0)
                bytes = [0xFF, 0xFE, .. bytes];
            if (FileText.Of(bytes).Text is not { } text)
                continue;
            Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter is not ('\n' or '\t'));
            Assert.Equal(text, JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text)));
        }
    }

    private static string Read(byte[] bytes)
    {
        var read = FileText.Of(bytes);
        Assert.Equal("", read.Else);
        return read.Text!;
    }
}
