using System.Text;
using System.Text.RegularExpressions;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class WildcardsTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("?", "", false)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbd", false)]
    [InlineData("a\\*c", "a*c", true)]
    [InlineData("a\\*c", "abc", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("[!]]", "]", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[abc", "[abc", true)]
    [InlineData("[abc", "a", false)]
    [InlineData("?", "🙂", true)]
    [InlineData("[🙂-🙄]", "🙃", true)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("**.cs", "a.cs", true)]
    public void Matches_one_name(string pattern, string name, bool matches) => Assert.Equal(matches, Wildcards.Match(pattern, name));

    [Fact]
    public void Says_the_same_as_a_regular_expression_of_the_same_meaning()
    {
        var random = new Random(6_112);
        for (var run = 0; run < 2_000; run++)
        {
            var pattern = Random(random, "ab*?", 8);
            var name = Random(random, "ab", 8);
            var regex = $"\\A{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}\\z";

            Assert.True(Regex.IsMatch(name, regex) == Wildcards.Match(pattern, name), $"{pattern} on {name}");
        }
    }

    [Theory]
    [InlineData("a{b,c}d", "abd acd")]
    [InlineData("{a,b}{c,d}", "ac ad bc bd")]
    [InlineData("a{b,{c,d}e}", "ab ace ade")]
    [InlineData("{a}", "{a}")]
    [InlineData("{a,b", "{a,b")]
    [InlineData("{x{a,b}", "{xa {xb")]
    [InlineData("\\{a,b}", "\\{a,b}")]
    [InlineData("{a\\,b,c}", "a\\,b c")]
    [InlineData("a{,b}", "a ab")]
    public void Expands_braces(string pattern, string expanded) => Assert.Equal(expanded.Split(' '), Braces.Expand(pattern, 10)!);

    [Fact]
    public void Expands_no_more_than_it_may()
    {
        Assert.Equal(64, Braces.Expand(string.Concat(Enumerable.Repeat("{a,b}", 6)), 64)!.Count);
        Assert.Null(Braces.Expand(string.Concat(Enumerable.Repeat("{a,b}", 6)), 63));
        Assert.Null(Braces.Expand(string.Concat(Enumerable.Repeat("{a,b}", 800)), 100));
        Assert.Null(Braces.Expand("{" + new string(',', 4_000) + "}", 100));
        Assert.Single(Braces.Expand(new string('{', 2_000), 100)!);
    }

    private static string Random(Random random, string letters, int most)
    {
        var text = new StringBuilder();
        for (var length = random.Next(most + 1); length > 0; length--)
            text.Append(letters[random.Next(letters.Length)]);
        return text.ToString();
    }
}
