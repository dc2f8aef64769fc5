using LocalMcp.Backends.Ollama;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Privacy;

/// <summary>A model that Ollama does not run itself is refused, by the host that Ollama reports and by its name, on every way to it.</summary>
public sealed class CloudModelTests
{
    private static readonly FakeModel Local = new("qwen3:8b");
    private static readonly FakeModel ByName = new("gpt-oss:120b-cloud");
    private static readonly FakeModel ByHost = new("innocent", RemoteHost: "https://ollama.com:443");

    [Theory]
    [InlineData("kimi-k2:cloud", true)]
    [InlineData("gpt-oss:120b-cloud", true)]
    [InlineData("GPT-OSS:120B-CLOUD", true)]
    [InlineData("kimi-k2:Cloud ", true)]
    [InlineData("gpt-oss:120b-cloud:local", false)]
    [InlineData("qwen3:8b", false)]
    [InlineData("my-cloud:latest", false)]
    [InlineData("cloud", false)]
    [InlineData("clouds:cloudy", false)]
    [InlineData("cloud/model:8b", false)]
    public void A_name_of_the_cloud_is_told_by_its_end(string name, bool isCloud) => Assert.Equal(isCloud, OllamaCloud.Names(name));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", null)]
    [InlineData("https://ollama.com:443", null, "https://ollama.com:443")]
    [InlineData(null, "gpt-oss:120b", "a host that it does not name")]
    public void A_model_runs_elsewhere_where_Ollama_names_a_host_or_a_model_there(string? host, string? model, string? elsewhere) =>
        Assert.Equal(elsewhere, OllamaCloud.HostOf("plain:latest", host, model));

    [Theory]
    [InlineData("gpt-oss:120b-cloud", "passes it on to ollama.com")]
    [InlineData("innocent", "passes it on to https://ollama.com:443")]
    [InlineData("gpt-oss", "passes it on to ollama.com")]
    [InlineData("gpt-oss:120b-cloud:local", "passes it on to ollama.com")]
    [InlineData("kimi-k2:cloud", "is the name of a model in Ollama's cloud")]
    [InlineData("ollama/deepseek:671b-cloud", "is the name of a model in Ollama's cloud")]
    public async Task It_is_refused_with_the_reason_and_not_asked(string model, string reason)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName, ByHost] });
        await using var house = House.With(server.BaseUrl);
        var failure = await house.FailureAsync("hello", model);
        Assert.Contains(reason, failure, StringComparison.Ordinal);
        Assert.Contains("Local means local, so it is refused. There are: ", failure, StringComparison.Ordinal);
        AssertNoChat(server);
    }

    [Fact]
    public async Task X_local_is_X()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName] });
        await using var house = House.With(server.BaseUrl);
        Assert.Equal("qwen3:8b", (await house.AskAsync("hello", "qwen3:8b:local")).Model.Name);
    }

    [Theory]
    [InlineData("ollama/gpt-oss:120b-cloud")]
    [InlineData("ollama/innocent:latest")]
    [InlineData("ollama/kimi-k2:cloud")]
    public async Task It_is_refused_as_the_active_model_too(string active)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName, ByHost] });
        using var home = new TemporaryHome().WithActive(active);
        await using var house = new House(home, null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Contains(active.Contains("kimi", StringComparison.Ordinal) ? "is not there any more" : "is refused", await house.FailureAsync("hello"), StringComparison.Ordinal);
        AssertNoChat(server);
    }

    [Fact]
    public async Task A_model_that_has_become_one_since_it_was_listed_gets_no_prompt()
    {
        var clock = new ManualClock();
        var model = new FakeModel("mine", SizeBytes: 1_000);
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [model] });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        await house.AskAsync("hello", "mine");
        clock.Advance(TimeSpan.FromSeconds(30));
        server.Options = server.Options with { Models = [model with { RemoteHost = "https://ollama.com:443" }] };
        server.ForgetRequests();
        Assert.Contains("passes it on to https://ollama.com:443", await house.FailureAsync("hello", "mine"), StringComparison.Ordinal);
        AssertNoChat(server);
    }

    [Fact]
    public async Task An_Ollama_behind_its_OpenAI_compatible_URL_is_no_way_around()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName, ByHost] });
        await using var house = House.With(server.BaseUrl + "/v1");
        Assert.Contains("is refused", await house.FailureAsync("hello", "innocent"), StringComparison.Ordinal);
        Assert.Contains("is refused", await house.FailureAsync("hello", "gpt-oss"), StringComparison.Ordinal);
        AssertNoChat(server);
    }

    [Fact]
    public async Task An_Ollama_that_shows_nothing_else_than_that_API_is_none_either()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [ByName, new FakeModel("granite-cloud")] });
        await using var house = House.With(server.BaseUrl);
        Assert.Contains("passes it on to ollama.com", await house.FailureAsync("hello", "gpt-oss:120b-cloud"), StringComparison.Ordinal);
        AssertNoChat(server);
        // A name without a tag is no name of Ollama's: another server may call its model so.
        Assert.Equal("granite-cloud", (await house.AskAsync("hello", "granite-cloud")).Model.Name);
    }

    [Fact]
    public async Task The_list_shows_it_as_refused()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName, ByHost] });
        using var home = new TemporaryHome();
        var shown = await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "models");
        Assert.Matches(@"gpt-oss:120b-cloud .* runs at ollama\.com, refused", shown.Output);
        Assert.Matches(@"innocent:latest .* runs at https://ollama\.com:443, refused", shown.Output);
    }

    [Fact]
    public async Task Use_and_test_refuse_it_and_change_nothing()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [Local, ByName, ByHost] });
        using var home = new TemporaryHome();
        foreach (var model in (string[])["gpt-oss:120b-cloud", "innocent", "kimi-k2:cloud"])
        {
            var used = await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "use", model);
            Assert.NotEqual(0, used.ExitCode);
            Assert.Contains("Local means local, so it is refused", used.Errors, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(home.ActiveModelFile));
        home.WithActive("ollama/innocent:latest");
        Assert.Contains("Local means local, so it is refused", (await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "test")) is var tested ? tested.Output + tested.Errors : "", StringComparison.Ordinal);
        AssertNoChat(server);
    }

    private static void AssertNoChat(FakeModelServer server) => Assert.DoesNotContain(server.Requests, r => r.Path is "/api/chat" or "/api/generate" or "/v1/chat/completions");
}
