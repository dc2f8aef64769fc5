using LocalMcp.Models;

namespace LocalMcp.Tests.Models.Catalog;

public sealed class NearestNamesTests
{
    private static readonly string[] Names = ["qwen2.5-coder-14b", "qwen2.5-coder-32b", "qwen2.5-coder-3b", "mistral", "gemma-3-27b", "Mistral"];

    [Theory]
    [InlineData("mistral", "mistral")]
    [InlineData("MISTRLA", "mistral")]
    [InlineData("mistrall", "mistral")]
    [InlineData("gema-3-27b", "gemma-3-27b")]
    [InlineData("gemma327b", "gemma-3-27b")]
    [InlineData("coder-32", "qwen2.5-coder-32b qwen2.5-coder-3b qwen2.5-coder-14b")]
    [InlineData("32c", "qwen2.5-coder-32b")]
    [InlineData("3b", "qwen2.5-coder-3b")]
    [InlineData("llama", "")]
    [InlineData("", "")]
    [InlineData("  ", "")]
    public void Gives_the_near_ones_nearest_first(string word, string near) => Assert.Equal(near.Split(' ', StringSplitOptions.RemoveEmptyEntries), NearestNames.Of(word, Names, 5));

    [Fact]
    public void Gives_no_more_than_were_wanted()
    {
        Assert.Equal(["qwen2.5-coder-3b"], NearestNames.Of("coder-3b", Names, 1));
        Assert.Empty(NearestNames.Of("mistral", Names, 0));
        Assert.Empty(NearestNames.Of("mistral", [], 3));
    }
}
