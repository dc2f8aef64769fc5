using LocalMcp.Models;
using LocalMcp.Models.Fit;

namespace LocalMcp.Tests.Models;

/// <summary>A menu of Claude Code 2.1.329 shows 47 characters of a title and an ellipsis.</summary>
public sealed class MenuTitleTests
{
    [Theory]
    [InlineData(2, false, 37_300_000_000, "Qwen2.5-Coder-32B-Instruct-Q8_0", "2 Qwen2.5-Coder-32B-Instruct-Q8_0 · too big · 37.3 GB · engine")]
    [InlineData(3, false, 9_600_000_000, "Qwen3-Coder-30B-A3B-Instruct-UD-Q4_K_XL", "3 Qwen3-Coder-30B-A3…Instruct-UD-Q4_K_XL · fits · 9.6 GB · engine")]
    [InlineData(12, true, 37_300_000_000, "Mistral-Small-3.2-24B-Instruct-2506-UD-Q4_K_XL", "● 12 Mistral-Small-3…-2506-UD-Q4_K_XL · too big · 37.3 GB · engine")]
    public void What_is_shown_of_a_title_has_the_verdict_and_both_ends_of_the_name(int number, bool active, long bytes, string name, string title)
    {
        Assert.Equal(title, MenuText.Title(Entry(number, active, bytes, name)));
        Assert.Contains(bytes > 24_000_000_000 ? "too big" : "fits", title[..47], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_is_not_known_a_title_says_nothing() =>
        Assert.Equal("1 just-a-name · openai", MenuText.Title(new MenuEntry(1, new ModelFacts { Name = "just-a-name", Backend = "openai" }, IsActive: false, Fit: null, Speed: null, BestFor: null)));

    private static MenuEntry Entry(int number, bool active, long bytes, string name) => new(
        number,
        new ModelFacts { Name = name, Backend = "engine" },
        active,
        FitVerdict.Of(new MemoryNeed(bytes, 0, 0), new Serving(16_384), new MemoryBudget(24_000_000_000, 1_000_000_000)),
        Speed: null,
        BestFor: null);
}
