using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Catalog;

public sealed class CatalogFindTests
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    [Theory]
    [InlineData("qwen2.5-coder-14b", "qwen2.5-coder-14b")]
    [InlineData(" Qwen2.5-Coder-14B ", "qwen2.5-coder-14b")]
    [InlineData("qwen2.5-coder-14b:q8_0", "qwen2.5-coder-14b:Q8_0")]
    [InlineData("qwen2.5-coder-14b:8bit", "qwen2.5-coder-14b:Q8_0")]
    [InlineData("qwen2.5-coder:14b", "qwen2.5-coder-14b")]
    [InlineData("qwen2.5-coder:14b-instruct-q8_0", "qwen2.5-coder-14b:Q8_0")]
    [InlineData("bartowski/Qwen2.5-Coder-14B-Instruct-GGUF", "qwen2.5-coder-14b")]
    [InlineData("bartowski/Qwen2.5-Coder-14B-Instruct-GGUF:Q6_K", "qwen2.5-coder-14b:Q6_K")]
    [InlineData("hf.co/bartowski/Qwen2.5-Coder-14B-Instruct-GGUF:Q6_K", "qwen2.5-coder-14b:Q6_K")]
    [InlineData("https://huggingface.co/ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b:MXFP4")]
    [InlineData("Qwen2.5-Coder-14B-Instruct", "qwen2.5-coder-14b")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-Q4_K_M.gguf", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("gpt-oss-20b", "gpt-oss-20b:MXFP4")]
    public void Finds_what_a_word_means(string word, string name) => Assert.Equal(name, Catalog.Find(word)?.Name);

    [Theory]
    [InlineData("qwen")]
    [InlineData("14b")]
    [InlineData("qwen2.5-coder-14b:Q2_K")]
    [InlineData("bartowski/Qwen2.5-Coder-14B-Instruct-GGUF:Q2_K")]
    [InlineData("someone/else")]
    [InlineData("")]
    [InlineData(":")]
    public void Takes_no_fragment_and_nothing_that_is_not_there(string word) => Assert.Null(Catalog.Find(word));

    [Fact]
    public void Every_name_that_it_gives_is_found_again() => Assert.All(Catalog.Choices, choice =>
    {
        Assert.Equal(choice, Catalog.Find(choice.Name));
        Assert.Equal(choice, Catalog.Find(choice.Variant!.Hf!));
        Assert.Equal(choice, choice.Variant.Ollama is { } ollama ? Catalog.Find(ollama) : choice);
    });

    [Theory]
    [InlineData("qwen2.5-codr-14b", "qwen2.5-coder-14b")]
    [InlineData("gwen3-8b", "qwen3-8b")]
    [InlineData("qwen3-8b:Q6_K", "qwen3-8b:Q8_0")]
    [InlineData("devstral", "devstral-small-2-24b")]
    [InlineData("gptoss-20b", "gpt-oss-20b")]
    public void Says_what_a_mistyped_word_may_have_meant(string word, string nearest) => Assert.Contains(nearest, Catalog.Nearest(word, 3));

    [Fact]
    public void Says_nothing_of_a_word_that_is_near_to_none() => Assert.Empty(Catalog.Nearest("stable-diffusion-xl", 3));
}
