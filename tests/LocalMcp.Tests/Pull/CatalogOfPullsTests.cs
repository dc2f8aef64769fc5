using LocalMcp.FakeServer;
using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Gguf;
using LocalMcp.Pull;
using LocalMcp.State;
using LocalMcp.TestModels;
using LocalMcp.Tests.Models.Fit;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Pull;

/// <summary>Names of the catalog as sources of a pull, and models that this machine could never hold.</summary>
public sealed class CatalogOfPullsTests : IDisposable
{
    private const string Own = """{ "catalog": [{ "name": "mine", "variants": [{ "ollama": "me/mine:q4" }] }, { "name": "small", "variants": [{ "quantization": "Q4_K_M", "hf": "owner/repo:Q4_K_M" }] }] }""";

    private readonly TemporaryHome home = new();

    [Theory]
    [InlineData("qwen2.5-coder-14b", "bartowski", "Qwen2.5-Coder-14B-Instruct-GGUF", "Q4_K_M")]
    [InlineData("qwen2.5-coder-14b:Q8_0", "bartowski", "Qwen2.5-Coder-14B-Instruct-GGUF", "Q8_0")]
    [InlineData("qwen2.5-coder:14b-instruct-q8_0", "bartowski", "Qwen2.5-Coder-14B-Instruct-GGUF", "Q8_0")]
    [InlineData("gpt-oss-20b", "ggml-org", "gpt-oss-20b-GGUF", "MXFP4")]
    public void A_name_means_a_file_on_Hugging_Face(string name, string owner, string repository, string wanted) =>
        Assert.Equal(new PullSource.HuggingFace(owner, repository, wanted), Catalog().Find(name));

    [Fact]
    public void A_model_that_only_Ollama_has_is_Ollamas_and_an_unknown_name_is_nobodys()
    {
        home.WithSettings(Own);
        Assert.Equal(new PullSource.Ollama("me/mine:q4"), Catalog().Find("mine"));
        Assert.Null(Catalog().Find("nobody's"));
        Assert.Null(Catalog().Find("qwen2.5-coder-14b:Q2_K"));
    }

    [Fact]
    public void Every_name_of_the_catalog_can_be_pulled_and_every_recommendation_among_them()
    {
        var (catalog, models) = (Catalog(), ModelCatalog.Load(new Settings()));
        Assert.All(catalog.Names(), name => Assert.NotNull(catalog.Find(name)));
        Assert.All(models.Choices, choice => Assert.Contains(choice.Name, catalog.Names()));
        Assert.All(models.Choices, choice => Assert.Equal(choice.Variant!.Hf, catalog.Find(choice.Name) is PullSource.HuggingFace hub ? $"{hub.Id}:{hub.Wanted}" : null));
        Assert.Contains("qwen2.5-coder:14b-instruct-q8_0", catalog.OllamaNames());
        Assert.Contains("bartowski/Qwen2.5-Coder-14B-Instruct-GGUF", catalog.Repositories());
        Assert.Equal(catalog.Repositories().Distinct(), catalog.Repositories());
    }

    [Fact]
    public async Task A_name_of_the_catalog_is_pulled_from_its_repository()
    {
        home.WithSettings(Own);
        await using var pulls = await PullHome.WithAsync(("model-Q4_K_M.gguf", PullHome.Model()), ("model-Q8_0.gguf", PullHome.Model()));
        pulls.Catalog = Catalog();
        Assert.Equal(pulls.PathOf("model-Q4_K_M.gguf"), (await pulls.PullAsync("small")).Where);
        Assert.StartsWith("The catalog has no \"smal\". It has: small", await pulls.FailureAsync("smal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_machine_could_never_hold_is_refused_before_a_byte_of_it_comes_unless_it_is_forced()
    {
        var content = PullHome.Model(architecture: "llama");
        await using var pulls = await PullHome.WithAsync(("model.gguf", content));
        pulls.Fit = CatalogOfPulls.Fit(new SettingsFile(home.Environment()), Machine(100_000));
        Assert.Equal("It is too big for this machine, by our estimate: it needs at least 0 MB (weights 0.0), 0 MB more than the 0 MB that models may ever take here. Nothing was downloaded; `--force` downloads it all the same.", await pulls.FailureAsync());
        Assert.Empty(pulls.Hub.Downloads);
        Assert.Empty(pulls.Files());
        Assert.True((await pulls.PullAsync(force: true)).Came);
        Assert.Equal(content, await File.ReadAllBytesAsync(pulls.PathOf("model.gguf"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_built_program_refuses_a_model_of_a_size_that_no_machine_holds()
    {
        var (header, size) = await HollowAsync();
        await using var hub = await FakeHub.StartAsync(new HubOptions { Repositories = HubOptions.With("owner/repo", ("large-Q4_0.gguf", header)), ListedSizeOff = size - header.Length });
        var run = await Verb.RunAsync(home, [("HF_ENDPOINT", hub.BaseUrl), ("LOCAL_MCP_URL", ClosedPort.Url())], "pull", "hf:owner/repo");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Matches(@"It is too big for this machine, by our estimate: it needs 500\d\d\.\d GB \(weights 50000\.0, KV cache \d\.\d at a context of 2,048, working buffers \d\.\d\), [\d.]+ GB more than the [\d.]+ GB that models may ever take here\. .+ Nothing was downloaded; `--force` downloads it all the same\.", run.Errors);
        Assert.Empty(hub.Downloads);
        Assert.False(Directory.Exists(home.ModelFolder));
    }

    [Fact]
    public async Task A_model_of_Ollamas_library_is_judged_by_what_the_catalog_knows_of_it()
    {
        const string Name = "llama3.3:70b-instruct-q4_K_M";
        var catalog = Catalog(32 * Shapes.Gigabyte);
        Assert.Matches(@$"^{Name} is too big for this machine, by our estimate: it needs 4\d\.\d GB \(weights 4\d\.\d, .+ more than the 25\.6 GB that models may ever take here\.", catalog.OllamaObjection(Name));
        Assert.NotNull(catalog.OllamaObjection(Name.ToUpperInvariant()));
        Assert.Null(catalog.OllamaObjection("qwen2.5-coder:7b-instruct-q4_K_M"));
        Assert.Null(catalog.OllamaObjection("somebody/else:1b"));
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [new FakeModel(Name, SizeBytes: 4_000)] });
        await using var pulls = await PullHome.WithAsync();
        (pulls.Catalog, pulls.Variables) = (catalog, [("LOCAL_MCP_URL", server.BaseUrl)]);
        Assert.EndsWith(" Nothing was downloaded; `--force` downloads it all the same.", await pulls.FailureAsync("ollama:" + Name), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Path == "/api/pull");
        Assert.True((await pulls.PullAsync("ollama:" + Name, force: true)).Came);
    }

    [Fact]
    public void Where_the_memory_is_not_known_nothing_is_refused()
    {
        Assert.Null(Catalog(null).OllamaObjection("llama3.3:70b-instruct-q4_K_M"));
        using var file = new MemoryStream(PullHome.Model());
        var path = Path.Combine(home.Folder, "m.gguf");
        File.WriteAllBytes(path, file.ToArray());
        Assert.Null(CatalogOfPulls.Fit(new SettingsFile(home.Environment()), Machine(null))(GgufHeader.Read(path), long.MaxValue / 2));
    }

    public void Dispose() => home.Dispose();

    // The header of a model of 7B, and a length as if its weights were a hundred terabytes.
    private async Task<(byte[] Header, long Size)> HollowAsync()
    {
        var path = Path.Combine(home.Folder, "hollow.gguf");
        RandomModel.Write(path, RandomShape.Named("7B") with { Vocabulary = 512 }, hollow: true);
        await using var file = File.OpenRead(path);
        var header = new byte[1024 * 1024];
        await file.ReadExactlyAsync(header, TestContext.Current.CancellationToken);
        return (header, 50_000_000_000_000);
    }

    private PullCatalog Catalog(long? memory = 1_000_000_000_000) => CatalogOfPulls.Of(new SettingsFile(home.Environment()), Machine(memory));

    private static MachineReader Machine(long? memory) => new(() => new MachineProfile(memory, memory, 4));
}
