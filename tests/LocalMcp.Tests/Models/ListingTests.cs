using LocalMcp.FakeServer;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

public sealed class ListingTests
{
    [Fact]
    public async Task The_table_shows_every_fact_and_a_dash_for_what_is_unknown()
    {
        await using var ollama = await FakeModelServer.StartAsync(new FakeOptions
        {
            Kind = ServerKind.Ollama,
            Models = [new FakeModel("qwen2.5-coder:14b", SizeBytes: 9_000_000_000, Quantization: "Q4_K_M", ContextLength: 32_768, Loaded: true)],
        });
        await using var plain = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("just-a-name")] });
        await using var house = House.With(ollama.BaseUrl, plain.BaseUrl + "/v1");
        var listing = await house.Directory.ListAsync(TestContext.Current.CancellationToken);
        var lines = Table(listing, listing.Models[0].Id).Split('\n');
        Assert.Matches(@"^● 1  qwen2\.5-coder:14b +9\.\d GB fits +– +\S+ +ollama +loaded", lines[1]);
        Assert.Matches(@"^  2  just-a-name +– +– +– +openai:\d+ +– +–", lines[2]);
    }

    [Fact]
    public void A_broken_model_has_a_number_and_its_reason_and_no_context()
    {
        var broken = new ModelFacts { Name = "half", Backend = "engine", SizeBytes = 3_100_000_000, ContextLength = 16_384, Loaded = false, Broken = "holds 3.1 GB of 4.7 GB" };
        Assert.Equal(["1", "half", "–", "–", "–", "engine", "broken: holds 3.1 GB of 4.7 GB", "–"], MenuText.Row(Assert.Single(Menu(new Listing([broken], [], [], []), null).Entries)));
    }

    [Fact]
    public async Task A_backend_that_is_down_follows_with_its_URL_and_the_reason_and_hides_nobody()
    {
        await using var server = await FakeModelServer.StartAsync();
        var dead = ClosedPort.Url();
        await using var house = House.With(dead, server.BaseUrl);
        var text = Table(await house.Directory.ListAsync(TestContext.Current.CancellationToken), null);
        Assert.Contains($"{dead}: connection refused", text, StringComparison.Ordinal);
        Assert.Contains(FakeModel.Default.Name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_does_not_hide_the_others()
    {
        await using var mute = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true, FaultsOn = FaultScope.Everything });
        await using var server = await FakeModelServer.StartAsync();
        using var home = new TemporaryHome().WithSettings("""{ "limits": { "connect_seconds": 1 } }""");
        await using var house = new House(home, null, ("LOCAL_MCP_URL", $"{mute.BaseUrl},{server.BaseUrl}"));
        var text = Table(await house.Directory.ListAsync(TestContext.Current.CancellationToken), null);
        Assert.Contains("did not say within 1 s which models it has", text, StringComparison.Ordinal);
        Assert.Contains(FakeModel.Default.Name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LM_Studio_is_asked_for_what_its_own_listing_knows()
    {
        await using var studio = await FakeModelServer.StartAsync(new FakeOptions
        {
            Kind = ServerKind.LmStudio,
            Models = [new FakeModel("qwen3-coder-30b", Quantization: "4bit", ContextLength: 262_144, Loaded: true), new FakeModel("nomic-embed", CanChat: false)],
        });
        await using var house = House.With(studio.BaseUrl);
        var model = Assert.Single((await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models, m => !m.SmokeTest);
        Assert.Equal(("lmstudio/qwen3-coder-30b", "4bit", true), (model.Id, model.Quantization, model.Loaded));
    }

    private static string Table(Listing listing, string? active) => MenuText.Table(Menu(listing, active));

    private static Menu Menu(Listing listing, string? active) =>
        MenuMaker.Of(listing, active, new MachineProfile(32_000_000_000, 24_000_000_000, 8), new Settings(), new SpeedBook([]), ModelCatalog.Load(new Settings()));
}
