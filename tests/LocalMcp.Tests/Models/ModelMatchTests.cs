using LocalMcp.Models;

namespace LocalMcp.Tests.Models;

public sealed class ModelMatchTests
{
    private static readonly ModelFacts[] Listed =
    [
        Ollama("llama3.2:3b"),
        Ollama("mistral:latest"),
        Ollama("qwen2.5-coder:14b"),
        Ollama("qwen2.5-coder:32b-instruct-q6_K"),
        new() { Name = "Qwen2.5-Coder-14B-Q4_K_M", Backend = "engine" },
        new() { Name = "mistral", Backend = "lmstudio" },
        new() { Name = "Mistral", Backend = "lmstudio" },
    ];

    [Theory]
    [InlineData("qwen2.5-coder:14b", "ollama/qwen2.5-coder:14b")]
    [InlineData("ollama/qwen2.5-coder:14b", "ollama/qwen2.5-coder:14b")]
    [InlineData("  QWEN2.5-CODER:14B ", "ollama/qwen2.5-coder:14b")]
    [InlineData("mistral", "lmstudio/mistral")]
    [InlineData("Mistral", "lmstudio/Mistral")]
    [InlineData("ollama/mistral", "ollama/mistral:latest")]
    [InlineData("mistral:latest", "ollama/mistral:latest")]
    [InlineData("MISTRAL:LATEST", "ollama/mistral:latest")]
    [InlineData("Qwen2.5-Coder-14B-Q4_K_M.gguf", "engine/Qwen2.5-Coder-14B-Q4_K_M")]
    [InlineData("32b", "ollama/qwen2.5-coder:32b-instruct-q6_K")]
    [InlineData("q6_k", "ollama/qwen2.5-coder:32b-instruct-q6_K")]
    [InlineData("engine/", "engine/Qwen2.5-Coder-14B-Q4_K_M")]
    [InlineData("4", "ollama/qwen2.5-coder:32b-instruct-q6_K")]
    [InlineData("1", "ollama/llama3.2:3b")]
    [InlineData("32", "ollama/qwen2.5-coder:32b-instruct-q6_K")]
    public void Finds_the_one_model_that_is_meant(string wanted, string id) =>
        Assert.Equal([id], ModelMatch.Find(wanted, Listed).Select(m => m.Id));

    [Theory]
    [InlineData("14b", 2)]
    [InlineData("mist", 3)]
    [InlineData("ollama", 4)]
    [InlineData("8", 0)]
    [InlineData("0", 0)]
    [InlineData("nothing like it", 0)]
    [InlineData(" ", 0)]
    public void Tells_how_many_a_word_can_mean(string wanted, int count) => Assert.Equal(count, ModelMatch.Find(wanted, Listed).Count);

    [Fact]
    public void A_model_called_by_a_number_is_found_by_its_exact_name_before_the_number_counts()
    {
        ModelFacts[] listed = [new() { Name = "first", Backend = "engine" }, new() { Name = "1", Backend = "engine" }];
        Assert.Equal("engine/1", Assert.Single(ModelMatch.Find("1", listed)).Id);
    }

    [Fact]
    public void A_stored_choice_never_turns_into_a_fragment_or_a_number()
    {
        Assert.Empty(ModelMatch.Stored("qwen", Listed));
        Assert.Empty(ModelMatch.Stored("1", Listed));
        Assert.Empty(ModelMatch.Stored("ollama/llama3.2", Listed));
        Assert.Empty(ModelMatch.Stored("openai/gpt-oss", [new ModelFacts { Name = "openai/gpt-oss", Backend = "lmstudio" }]));
        Assert.Equal("ollama/mistral:latest", Assert.Single(ModelMatch.Stored("ollama/mistral", Listed)).Id);
    }

    private static ModelFacts Ollama(string name) => new() { Name = name, Backend = "ollama", OllamaNames = true };
}
