using LocalMcp.Backends.Ollama;
using LocalMcp.Backends.OpenAi;

namespace LocalMcp.Tests.Backends;

/// <summary>Figures that cannot be: what a server does not say in earnest is not known.</summary>
public sealed class WildNumbersTests
{
    [Fact]
    public void Negative_counts_of_Ollama_are_none()
    {
        var usage = OllamaWire.Finish(OllamaWire.Parse("""{"done":true,"prompt_eval_count":-3,"eval_count":-4,"eval_duration":1}""")!)!.Usage;
        Assert.Equal((null, null, null), (usage.PromptTokens, usage.AnswerTokens, usage.TokensPerSecond));
    }

    [Fact]
    public void Negative_sizes_and_contexts_of_Ollama_are_none()
    {
        const string List = """{"models":[{"name":"m","size":-5,"context_length":-1,"details":{"context_length":-7}}]}""";
        var facts = Assert.Single(OllamaWire.Models(List, List, "ollama")!).Facts;
        Assert.Equal((null, null, null, null), (facts.SizeBytes, facts.ContextLength, facts.TrainedContext, facts.ResidentBytes));
    }

    [Theory]
    [InlineData("""{"timings":{"predicted_per_second":1e999,"prompt_n":5,"prompt_ms":1e-320}}""")]
    [InlineData("""{"timings":{"predicted_per_second":-1,"prompt_n":5,"prompt_ms":-1}}""")]
    public void Speeds_that_no_machine_has_are_none(string chunk)
    {
        var usage = OpenAiWire.Parse(chunk)!.Timings!.AddTo(new LocalMcp.Chat.Usage());
        Assert.Equal((null, null, null), (usage.TokensPerSecond, usage.PrefillTokensPerSecond, usage.PrefillTokens));
    }

    [Fact]
    public void A_served_context_below_one_is_none() => Assert.Null(OpenAiWire.Served("""{"default_generation_settings":{"n_ctx":-1}}""").Context);
}
