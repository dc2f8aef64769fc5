using LocalMcp.Launch;

namespace LocalMcp.Tests.Launch;

/// <summary>The environment of Claude Code on a local model, as values.</summary>
public sealed class ClaudeEnvironmentTests
{
    private static readonly LocalServer Server = new("engine", new Uri("http://127.0.0.1:4711"), "its-key", "coder:30b", 65_536, IsOllama: false);

    [Fact]
    public void Every_name_of_a_model_leads_to_the_one_that_is_there()
    {
        var models = ClaudeEnvironment.Of(Server, "").Where(variable => variable.Name.EndsWith("_MODEL", StringComparison.Ordinal) && variable.Value is not null).ToList();
        Assert.Equal(
            ["ANTHROPIC_DEFAULT_FABLE_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL", "ANTHROPIC_DEFAULT_OPUS_MODEL", "ANTHROPIC_DEFAULT_SONNET_MODEL", "ANTHROPIC_MODEL", "CLAUDE_CODE_SUBAGENT_MODEL"],
            models.Select(variable => variable.Name).Order());
        Assert.All(models, variable => Assert.Equal("coder:30b", variable.Value));
    }

    [Theory]
    [InlineData("ANTHROPIC_BASE_URL", "http://127.0.0.1:4711")]
    [InlineData("ANTHROPIC_AUTH_TOKEN", "its-key")]
    [InlineData("CLAUDE_CODE_MAX_CONTEXT_TOKENS", "65536")]
    [InlineData("CLAUDE_CODE_MAX_OUTPUT_TOKENS", "8192")]
    [InlineData("CLAUDE_CODE_ATTRIBUTION_HEADER", "0")]
    [InlineData("CLAUDE_CODE_TOTAL_TOKENS_REMINDER", "off")]
    [InlineData("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")]
    [InlineData("ANTHROPIC_API_KEY", null)]
    [InlineData("ANTHROPIC_CUSTOM_HEADERS", null)]
    [InlineData("ANTHROPIC_UNIX_SOCKET", null)]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", null)]
    [InlineData("CLAUDE_CODE_USE_VERTEX", null)]
    [InlineData("CLAUDE_CODE_USE_FOUNDRY", null)]
    public void The_server_decides_and_no_key_of_the_user_goes_along(string name, string? value) => Assert.Equal(value, Single(Server, name).Value);

    [Theory]
    [InlineData(null, "4096")]
    [InlineData(8_192, "1024")]
    [InlineData(32_768, "4096")]
    [InlineData(200_000, "8192")]
    public void An_answer_may_take_an_eighth_of_the_context(int? context, string output) => Assert.Equal(output, Single(Server with { Context = context }, "CLAUDE_CODE_MAX_OUTPUT_TOKENS").Value);

    [Fact]
    public void A_context_that_nobody_knows_is_not_made_up() =>
        Assert.DoesNotContain(ClaudeEnvironment.Of(Server with { Context = null }, ""), variable => variable.Name is "CLAUDE_CODE_MAX_CONTEXT_TOKENS" or "DISABLE_AUTO_COMPACT");

    [Theory]
    [InlineData(32_768, 15_672)]
    [InlineData(65_536, 44_344)]
    [InlineData(16_384, null)]
    public void The_client_sums_up_where_there_is_room_for_more_than_its_own_prompt(int context, int? at)
    {
        var server = Server with { Context = context };
        Assert.Equal(at, ClaudeContext.SummedUpAt(context, server.Output));
        Assert.Equal(at is null, ClaudeEnvironment.Of(server, "").Any(variable => variable is { Name: "DISABLE_AUTO_COMPACT", Value: "1" }));
    }

    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("example.org, .corp", "example.org,.corp,127.0.0.1")]
    [InlineData("localhost,127.0.0.1", "localhost,127.0.0.1")]
    public void The_server_is_excepted_from_a_proxy_and_what_was_stays(string before, string after)
    {
        Assert.Equal(after, Single(Server, "NO_PROXY", before).Value);
        Assert.Equal(after, Single(Server, "no_proxy", before).Value);
    }

    [Fact]
    public void A_server_without_a_key_is_sent_a_word_that_is_none() => Assert.Equal("local", Single(Server with { Key = "" }, "ANTHROPIC_AUTH_TOKEN").Value);

    private static Variable Single(LocalServer server, string name, string noProxy = "") => Assert.Single(ClaudeEnvironment.Of(server, noProxy), variable => variable.Name == name);
}
