using System.Globalization;
using LocalMcp.Chat;
using LocalMcp.Tests.Reasoning;

namespace LocalMcp.Tests.Chat;

public sealed class RepetitionTests
{
    private static readonly string Paragraph = string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"sentence {i}, ")));

    public static TheoryData<string, int> Blocks => new()
    {
        { "x", 1 },
        { "0x00, ", 6 },
        { "\n", 1 },
        { "the ", 4 },
        { "I will now write the test. ", 27 },
        { "----------------------------------------------------------------------\nThe end.\n", 80 },
        { Paragraph, Paragraph.Length },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_same_block_again_and_again_is_found_wherever_it_begins_and_however_it_is_cut(string block, int length)
    {
        var text = "A beginning of its own. " + string.Concat(Enumerable.Repeat(block, (32_000 / block.Length) + 20));
        var found = Find([text]);
        Assert.Equal(length, found?.Block);
        Assert.InRange(found!.Value.Times, 8, 31_000);
        Assert.Equal(found, Find(Filtered.Pieces(text, 1)));
        Assert.Equal(found, Find(Filtered.Pieces(text, 7)));
    }

    [Fact]
    public void What_only_looks_alike_goes_on()
    {
        Assert.Null(Find([string.Concat(Enumerable.Range(0, 2_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"| row {i} | 0.{i % 97:00} | yes |\n")))]));
        Assert.Null(Find([string.Concat(Enumerable.Range(0, 2_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"    Assert.Equal({i}, Add({i}, 0));\n")))]));
        Assert.Null(Find([string.Concat(Enumerable.Repeat("0xff, ", 1024))]));
        Assert.Null(Find([string.Concat(Enumerable.Repeat("0,0,0\n", 4_000))]));
        Assert.Null(Find([new string('-', 2_000), "\n", string.Concat(Enumerable.Repeat(Paragraph, 7))]));
    }

    [Fact]
    public void A_short_answer_is_looked_at_more_closely_at_its_end()
    {
        Assert.Equal(12, Repetition.AtTheEnd(string.Concat(Enumerable.Repeat("I am sorry. ", 340)))?.Block);
        Assert.Null(Repetition.AtTheEnd(Paragraph + Paragraph));
    }

    private static Repetition.Loop? Find(IEnumerable<string> pieces)
    {
        var repetition = new Repetition();
        foreach (var piece in pieces)
        {
            if (repetition.Take(piece) is { } loop)
                return loop;
        }
        return null;
    }
}
