using LocalMcp.Backends;
using LocalMcp.Doctor;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Kind = LocalMcp.FakeServer.ServerKind;

namespace LocalMcp.Tests.Doctor;

public sealed class ServerChecksTests : IDisposable
{
    private readonly DoctorHome home = new();

    [Theory]
    [InlineData(Kind.Ollama, "Ollama", "version 0.33.0-rc2")]
    [InlineData(Kind.LlamaServer, "llama-server", "version b10488-fake")]
    [InlineData(Kind.Vllm, "vLLM", "version 0.11.0")]
    [InlineData(Kind.LmStudio, "LM Studio", "which tells no version")]
    [InlineData(Kind.Omlx, "oMLX", "which tells no version")]
    [InlineData(Kind.Exo, "exo", "which tells no version")]
    [InlineData(Kind.OpenAi, "The server", "which tells no version")]
    public async Task A_server_is_told_with_its_kind_address_version_and_models(Kind kind, string label, string version)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, Models = [new FakeModel("only:one")] });
        var check = (await home.ChecksAsync(server.BaseUrl)).Single(c => c.Finding.Contains(server.BaseUrl, StringComparison.Ordinal));
        Assert.Equal((Verdict.Good, null), (check.Verdict, check.NextStep));
        Assert.StartsWith($"{label} at {server.BaseUrl}, {version}, 1 model: only:one", check.Finding, StringComparison.Ordinal);
        // Ollama takes the question how a model is built as a POST.
        Assert.All(server.Requests, request => Assert.True(request.Method == "GET" || request.Path == "/api/show"));
    }

    [Fact]
    public async Task A_server_that_the_user_gave_a_name_is_still_known_for_what_it_is()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = Kind.Vllm });
        home.Home.WithSettings($$"""{ "servers": [ { "url": "{{server.BaseUrl}}", "name": "big" } ] }""");
        var check = Find(await home.ChecksAsync(ClosedPort.Url()), "big");
        Assert.StartsWith($"vLLM at {server.BaseUrl}, version 0.11.0, ", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loaded_models_are_marked_and_of_many_a_few_are_named()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = Kind.Ollama, Models = [.. Enumerable.Range(1, 7).Select(i => new FakeModel($"m{i}", Loaded: i == 2))] });
        Assert.EndsWith("7 models: m1:latest, m2:latest (loaded), m3:latest, m4:latest, m5:latest and 2 more", Find(await home.ChecksAsync(server.BaseUrl), "ollama").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_models_is_a_note_with_what_to_do()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { EmptyModelList = true });
        var check = Find(await home.ChecksAsync(server.BaseUrl), "openai");
        Assert.Equal((Verdict.Note, "Load or pull a model there."), (check.Verdict, check.NextStep));
    }

    [Fact]
    public async Task A_version_page_that_fails_costs_the_version_and_nothing_else()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = Kind.Ollama });
        await using var services = new ServiceCollection().AddLocalMcp(home.Home.Environment(("LOCAL_MCP_URL", server.BaseUrl))).BuildServiceProvider();
        var backend = (await services.GetRequiredService<ModelDirectory>().ListAsync(TestContext.Current.CancellationToken)).Backends["ollama"];
        FakeOptions[] faults = [new() { Status = 500 }, new() { Html = true }, new() { HalfJson = true }, new() { UnknownShape = true }];
        foreach (var fault in faults)
        {
            server.Options = fault with { Kind = Kind.Ollama, FaultsOn = FaultScope.Listings };
            var versions = new ServerVersions(home.Home.Environment(("LOCAL_MCP_URL", server.BaseUrl)), services.GetRequiredService<ServerProbe>(), TimeProvider.System);
            Assert.Equal((LocalMcp.Backends.ServerKind.Ollama, null), await versions.AskAsync(backend, new Settings(), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_named_server_that_does_not_answer_is_bad_and_hides_no_other()
    {
        await using var server = await FakeModelServer.StartAsync();
        var closed = ClosedPort.Url();
        var checks = await home.ChecksAsync($"{server.BaseUrl},{closed}");
        var check = checks.Single(c => c.Title.Contains(closed, StringComparison.Ordinal));
        Assert.Equal((Verdict.Bad, "connection refused", "Start the server, or correct its URL in LOCAL_MCP_URL or settings.json."), (check.Verdict, check.Finding, check.NextStep));
        Assert.Equal(Verdict.Good, Find(checks, "openai").Verdict);
    }

    [Fact]
    public void Well_known_ports_where_nobody_is_are_one_line_and_no_failure()
    {
        var absent = new[] { 1234, 52415 }.Select(port => Silent(new Endpoint(new Uri($"http://127.0.0.1:{port}/"), Named: false), BackendFailure.Unreachable));
        var check = Assert.Single(ServerChecks.Silent(Listing.Of(absent)));
        Assert.Equal(Check.Note("well-known ports", "no answer from LM Studio at 127.0.0.1:1234, exo at 127.0.0.1:52415"), check);
    }

    [Fact]
    public void Somebody_on_a_well_known_port_who_is_no_model_server_is_a_note_of_its_own()
    {
        var check = Assert.Single(ServerChecks.Silent(Listing.Of([Silent(new Endpoint(new Uri("http://127.0.0.1:8080/"), Named: false), BackendFailure.Unintelligible)])));
        Assert.Equal(Check.Note("llama-server at http://127.0.0.1:8080", "it went wrong", "Do something."), check);
    }

    [Fact]
    public void A_named_server_that_is_loading_is_no_failure() => Assert.Equal(
        Verdict.Note, Assert.Single(ServerChecks.Silent(Listing.Of([Silent(new Endpoint(new Uri("http://127.0.0.1:9/"), Named: true), BackendFailure.Loading)]))).Verdict);

    [Fact]
    public async Task With_a_wrong_address_one_check_says_so_and_the_others_that_they_were_not_made()
    {
        var checks = await home.ChecksAsync("nonsense");
        Assert.Contains("which is not a URL", Find(checks, "servers").Finding, StringComparison.Ordinal);
        Assert.Equal(["Ollama's context", "cloud models", "active model"], checks.Where(c => c.Finding == "not checked, because the servers could not be asked").Select(c => c.Title));
    }

    public void Dispose() => home.Dispose();

    private static Check Find(IEnumerable<Check> checks, string title) => Assert.Single(checks, check => check.Title == title);

    private static Place Silent(Endpoint endpoint, BackendFailure failure) => Place.Down(endpoint.Label, new BackendException(failure, $"{endpoint.Label}: it went wrong. Do something."), endpoint);
}
