using LocalMcp.FakeServer;
using LocalMcp.Pull;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Pull;

/// <summary>A pull through the user's Ollama: its progress, its errors (which come with status 200), and who is no Ollama.</summary>
public sealed class OllamaPullTests
{
    private static readonly FakeOptions Ollama = new() { Kind = ServerKind.Ollama, Models = [new FakeModel("qwen2.5-coder:7b", SizeBytes: 4_000)] };

    [Fact]
    public async Task Ollama_pulls_and_its_progress_is_shown()
    {
        await using var server = await FakeModelServer.StartAsync(Ollama);
        await using var home = await HomeAsync(server.BaseUrl);
        Assert.Equal(new Pulled("qwen2.5-coder:7b", $"Ollama at {server.BaseUrl}", 4_000, Came: true), await home.PullAsync("ollama:qwen2.5-coder:7b"));
        Assert.Equal([0L, 2_000, 4_000], home.Steps.OfType<PullStep.Bytes>().Select(step => step.Done).Distinct());
        Assert.Contains(new PullStep.Phase("verifying sha256 digest"), home.Steps);
        Assert.Equal("""{"model":"qwen2.5-coder:7b","stream":true}""", server.Requests.Single(request => request.Path == "/api/pull").Body);
    }

    [Fact]
    public async Task An_unknown_model_is_told_with_the_nearest_of_the_catalog()
    {
        await using var server = await FakeModelServer.StartAsync(Ollama);
        await using var home = await HomeAsync(server.BaseUrl);
        home.Catalog = new PullCatalog { OllamaNames = () => ["llama3.3:70b", "qwen2.5-coder:7b"] };
        Assert.Equal("Ollama's library has no qwen2.5-code:7b (\"pull model manifest: file does not exist\"). Of a like name: qwen2.5-coder:7b.", await home.FailureAsync("ollama:qwen2.5-code:7b"));
        Assert.Contains("invalid model name", await home.FailureAsync("ollama:???"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_that_ends_without_success_has_failed()
    {
        await using var server = await FakeModelServer.StartAsync(Ollama with { EndAfterChunks = 3 });
        await using var home = await HomeAsync(server.BaseUrl);
        Assert.Contains("ended the pull of qwen2.5-coder:7b without saying that it was complete.", await home.FailureAsync("ollama:qwen2.5-coder:7b"), StringComparison.Ordinal);
        server.Options = Ollama with { ErrorAfterChunks = 3, ErrorText = "max retries exceeded" };
        Assert.Contains("could not pull qwen2.5-coder:7b: \"max retries exceeded\". Try again;", await home.FailureAsync("ollama:qwen2.5-coder:7b"), StringComparison.Ordinal);
        server.Options = Ollama with { GarbageAfterChunks = 3 };
        Assert.Contains("where a line of Ollama's pull was expected", await home.FailureAsync("ollama:qwen2.5-coder:7b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_the_pull_stops_Ollamas()
    {
        await using var server = await FakeModelServer.StartAsync(Ollama with { HoldAfterChunks = 3 });
        await using var home = await HomeAsync(server.BaseUrl);
        using var stop = new CancellationTokenSource();
        var pull = home.PullAsync("ollama:qwen2.5-coder:7b", cancellationToken: stop.Token);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_an_Ollama_it_is_said_how_one_is_started()
    {
        await using var home = await HomeAsync(ClosedPort.Url());
        var failure = await home.FailureAsync("ollama:qwen2.5-coder:7b");
        Assert.StartsWith("There is no Ollama to pull with (", failure, StringComparison.Ordinal);
        Assert.Contains("connection refused). Start it with `ollama serve`", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_another_is_no_Ollama()
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var home = await HomeAsync(server.BaseUrl);
        Assert.StartsWith("There is no Ollama to pull with.", await home.FailureAsync("ollama:qwen2.5-coder:7b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ollama:gpt-oss:120b-cloud")]
    [InlineData("ollama:kimi:cloud")]
    public async Task A_cloud_model_is_not_pulled(string name)
    {
        await using var server = await FakeModelServer.StartAsync(Ollama);
        await using var home = await HomeAsync(server.BaseUrl);
        Assert.Contains("it would not run on this machine", await home.FailureAsync(name), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static async Task<PullHome> HomeAsync(string ollama)
    {
        var home = await PullHome.WithAsync();
        home.Variables = [("OLLAMA_HOST", ollama)];
        return home;
    }
}
