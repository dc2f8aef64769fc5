using LocalMcp.Pull;

namespace LocalMcp.Tests.Pull;

/// <summary>What the user may write, and which file of a repository that means.</summary>
public sealed class PullNameTests
{
    [Theory]
    [InlineData("hf:owner/repo", "")]
    [InlineData(" HF:owner/repo ", "")]
    [InlineData("hf:owner/repo:Q4_K_M", "Q4_K_M")]
    [InlineData("hf.co/owner/repo:Q4_K_M", "Q4_K_M")]
    [InlineData("huggingface.co/owner/repo", "")]
    [InlineData("https://huggingface.co/owner/repo/", "")]
    [InlineData("https://huggingface.co/owner/repo?show_file_info=a.gguf", "")]
    [InlineData("hf:owner/repo:sub/file.gguf", "sub/file.gguf")]
    [InlineData("hf:owner/repo/sub/file.gguf", "sub/file.gguf")]
    [InlineData("https://huggingface.co/owner/repo/blob/main/sub/my%20file.gguf", "sub/my file.gguf")]
    [InlineData("https://huggingface.co/owner/repo/resolve/main/file.gguf?download=true", "file.gguf")]
    [InlineData("https://huggingface.co/owner/repo/tree/main", "")]
    public void A_repository_is_named_in_every_way_that_people_use(string text, string wanted) =>
        Assert.Equal(new PullSource.HuggingFace("owner", "repo", wanted), PullName.Parse(text));

    [Fact]
    public void An_address_may_name_a_revision() =>
        Assert.Equal(new PullSource.HuggingFace("owner", "repo", "file.gguf", "v1.0"), PullName.Parse("https://huggingface.co/owner/repo/blob/v1.0/file.gguf"));

    [Theory]
    [InlineData("ollama:qwen2.5-coder:7b", "qwen2.5-coder:7b")]
    [InlineData("ollama:hf.co/owner/repo:Q4_K_M", "hf.co/owner/repo:Q4_K_M")]
    public void What_is_Ollamas_goes_to_Ollama_as_it_is(string text, string name) => Assert.Equal(new PullSource.Ollama(name), PullName.Parse(text));

    [Theory]
    [InlineData("qwen2.5-coder-7b")]
    [InlineData("owner/repo")]
    [InlineData("")]
    public void A_bare_name_is_the_catalogs(string text) => Assert.Null(PullName.Parse(text));

    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:repo")]
    [InlineData("hf:/repo")]
    [InlineData("hf:../repo")]
    [InlineData("hf:owner/..")]
    [InlineData("hf:owner/.repo")]
    [InlineData("hf:owner/a..b")]
    [InlineData("hf:ow ner/repo")]
    [InlineData("hf:owner\\x/repo")]
    [InlineData("hf:owner/repo/file.gguf:Q4")]
    [InlineData("ollama:")]
    public void What_begins_like_a_source_and_is_none_says_how_one_is_written(string text) =>
        Assert.Contains("Write ", Assert.Throws<LocalMcpException>(() => PullName.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "m-Q4_K_M.gguf", "m-Q4_K_M.gguf", "m-Q8_0.gguf", "m-Q2_K.gguf")]
    [InlineData("", "m-Q8_0.gguf", "m-Q2_K.gguf", "m-Q8_0.gguf")]
    [InlineData("", "m-Q2_K.gguf", "m-Q2_K.gguf", "mmproj-m-Q4_K_M.gguf", "mtp-m-Q4_K_M.gguf", "m-imatrix.gguf")]
    [InlineData("", "m-Q4_K_M.gguf", "m-Q4_K_M.gguf", "m-Q4_K_M-imat.gguf")]
    [InlineData("q4_k_m", "m.Q4_K_M.gguf", "m.Q4_K_M.gguf", "m.Q4_K_S.gguf")]
    [InlineData("Q4_K", "m-Q4_K.gguf", "m-Q4_K.gguf", "m-Q4_K_M.gguf")]
    [InlineData("Q4_0", "m-Q4_0.gguf", "m-IQ4_0.gguf", "m-Q4_0.gguf")]
    [InlineData("UD-Q4_K_XL", "m-UD-Q4_K_XL.gguf", "m-UD-Q4_K_XL.gguf", "m-Q4_K_M.gguf")]
    [InlineData("Q4_K_M-imat", "m-Q4_K_M-imat.gguf", "m-Q4_K_M.gguf", "m-Q4_K_M-imat.gguf")]
    [InlineData("BF16", "BF16/m-00001-of-00002.gguf", "BF16/m-00001-of-00002.gguf", "BF16/m-00002-of-00002.gguf", "m-Q4_K_M.gguf")]
    [InlineData("M-Q8_0.GGUF", "sub/m-Q8_0.gguf", "sub/m-Q8_0.gguf", "m-Q4_K_M.gguf")]
    [InlineData("sub/m-Q8_0.gguf", "sub/m-Q8_0.gguf", "sub/m-Q8_0.gguf", "other/m2-Q8_0.gguf")]
    [InlineData("m-00002-of-00002.gguf", "m-00001-of-00002.gguf", "m-00001-of-00002.gguf", "m-00002-of-00002.gguf")]
    [InlineData("m-Q8_0", "m-Q8_0.gguf", "m-Q8_0.gguf", "big-m-Q8_0.gguf")]
    public void The_file_that_is_meant_is_found(string wanted, string first, params string[] files) => Assert.Equal(first, HubChoice.Of(Repository(files), wanted).Files[0].Path);

    [Theory]
    [InlineData("Q4KM", "o/r has no Q4KM. There are: m-Q4_K_M.gguf (2.0 GB), m-Q2_K.gguf (1.0 GB), m-Q8_0.gguf (3.0 GB). Name one: `local-mcp pull hf:o/r:m-Q4_K_M.gguf`.", "m-Q2_K.gguf", "m-Q4_K_M.gguf", "m-Q8_0.gguf")]
    [InlineData("", "o/r has 2 models, and none is the usual one (Q4_K_M or Q8_0). There are: m-Q2_K.gguf (1.0 GB), m-Q6_K.gguf (2.0 GB).", "m-Q2_K.gguf", "m-Q6_K.gguf")]
    [InlineData("", "o/r has 2 models of Q4_K_M. There are: a-Q4_K_M.gguf (1.0 GB), b-Q4_K_M.gguf (2.0 GB).", "a-Q4_K_M.gguf", "b-Q4_K_M.gguf")]
    [InlineData("m.gguf", "2 files of o/r are called m.gguf. There are: a/m.gguf (1.0 GB), b/m.gguf (2.0 GB).", "a/m.gguf", "b/m.gguf")]
    [InlineData("mmproj-F16.gguf", "mmproj-F16.gguf is in o/r, but it is no model to chat with. There are: m-Q8_0.gguf (1.0 GB).", "m-Q8_0.gguf", "mmproj-F16.gguf")]
    [InlineData("", "o/r lacks 1 of its 3 parts of m-Q8_0. Choose another: there is none.", "m-Q8_0-00001-of-00003.gguf", "m-Q8_0-00003-of-00003.gguf")]
    [InlineData("", "o/r has no GGUF model. It has safetensors, which the engine does not load. Look for a conversion", "model.safetensors", "config.json")]
    [InlineData("Q4_K_M", "o/r has no GGUF model. What it has of them are companions of models", "mmproj-F16.gguf")]
    [InlineData("", "o/r has no GGUF model. It holds no weights that are known here.", "README.md")]
    public void What_is_meant_by_nothing_or_by_several_is_asked_with_what_there_is(string wanted, string says, params string[] files) =>
        Assert.StartsWith(says, Assert.Throws<LocalMcpException>(() => HubChoice.Of(Repository(files), wanted)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_bare_name_is_looked_up_in_the_catalog_and_a_wrong_one_told_with_the_nearest()
    {
        await using var home = await PullHome.WithAsync(("m-Q8_0.gguf", PullHome.Model()));
        home.Catalog = new PullCatalog { Find = name => name == "small" ? new PullSource.HuggingFace("owner", "repo") : null, Names = () => ["large", "small", "smaller"] };
        Assert.True((await home.PullAsync("small")).Came);
        Assert.StartsWith("The catalog has no \"smal1\". It has: small, ", await home.FailureAsync("smal1"), StringComparison.Ordinal);
        Assert.Contains("write hf:owner/repo:Q8_0,", await home.FailureAsync("owner/repo:Q8_0"), StringComparison.Ordinal);
    }

    private static HubRepository Repository(string[] files) =>
        new("o/r", new string('c', 40), [.. files.Select((path, index) => new HubFile(path, (index + 1) * 1_000_000_000L, null))]);
}
