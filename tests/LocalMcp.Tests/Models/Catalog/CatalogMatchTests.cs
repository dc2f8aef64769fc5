using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Catalog;

public sealed class CatalogMatchTests
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    [Theory]
    [InlineData("Qwen2.5-Coder-32B-Instruct-Q6_K", "qwen2.5-coder-32b:Q6_K")]
    [InlineData("qwen2.5-coder-32b-instruct-q6_k.gguf", "qwen2.5-coder-32b:Q6_K")]
    [InlineData("qwen2.5-coder-32b-instruct-q8_0-00001-of-00005.gguf", "qwen2.5-coder-32b:Q8_0")]
    [InlineData("mlx-community/Qwen2.5-Coder-14B-Instruct-4bit", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-MLX-8bit", "qwen2.5-coder-14b:Q8_0")]
    [InlineData("qwen2.5-coder-14b-instruct@q4_k_m", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-Q4_K_S", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-IQ4_XS", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-Q5_K_M", "qwen2.5-coder-14b")]
    [InlineData("qwen2.5-coder-14b-instruct", "qwen2.5-coder-14b")]
    [InlineData("hf.co/bartowski/Qwen2.5-Coder-14B-Instruct-GGUF:Q8_0", "qwen2.5-coder-14b:Q8_0")]
    [InlineData("qwen2.5-coder-3b-instruct-q4_k_m", "qwen2.5-coder-3b:Q4_K_M")]
    [InlineData("Qwen_Qwen3.6-27B-Q4_K_M", "qwen3.6-27b:Q4_K_M")]
    [InlineData("Qwen3.6-35B-A3B-UD-Q4_K_XL", "qwen3.6-35b-a3b:Q4_K_M")]
    [InlineData("Qwen3.6-35B-A3B-MTP-Q8_0", "qwen3.6-35b-a3b:Q8_0")]
    [InlineData("qwen/qwen3-coder-30b", "qwen3-coder-30b-a3b")]
    [InlineData("Qwen3-Coder-30B-A3B-Instruct-UD-Q6_K_XL", "qwen3-coder-30b-a3b:Q6_K")]
    [InlineData("openai/gpt-oss-20b", "gpt-oss-20b")]
    [InlineData("openai_gpt-oss-20b-MXFP4", "gpt-oss-20b:MXFP4")]
    [InlineData("google/gemma-3-27b", "gemma-3-27b")]
    [InlineData("google_gemma-3-27b-it-qat-Q4_0", "gemma-3-27b:Q4_K_M")]
    [InlineData("zai-org_GLM-4.5-Air-Q4_K_M-00001-of-00002", "glm-4.5-air:Q4_K_M")]
    [InlineData("Qwen3-8B", "qwen3-8b")]
    [InlineData("mistralai/devstral-small-2-2512", "devstral-small-2-24b")]
    public void Knows_a_model_by_the_name_of_its_file_or_its_id(string listed, string name) => Assert.Equal(name, Catalog.Match(Model(listed))?.Name);

    [Theory]
    [InlineData("qwen2.5-coder:32b-instruct-q6_K", "Q6_K", "qwen2.5-coder-32b:Q6_K")]
    [InlineData("qwen2.5-coder:14b", "Q4_K_M", "qwen2.5-coder-14b:Q4_K_M")]
    [InlineData("qwen2.5-coder:14b", null, "qwen2.5-coder-14b")]
    [InlineData("qwen3-coder:30b", "Q4_K_M", "qwen3-coder-30b-a3b:Q4_K_M")]
    [InlineData("qwen3-coder-next:latest", "Q4_K_M", "qwen3-coder-next:Q4_K_M")]
    [InlineData("gpt-oss:20b", "MXFP4", "gpt-oss-20b:MXFP4")]
    [InlineData("gemma3:27b-it-qat", "Q4_0", "gemma-3-27b:Q4_K_M")]
    [InlineData("llama3.3:70b", "Q4_K_M", "llama-3.3-70b:Q4_K_M")]
    [InlineData("qwen3:8b", "Q4_K_M", "qwen3-8b:Q4_K_M")]
    [InlineData("qwen3.6:35b", "Q4_K_M", "qwen3.6-35b-a3b:Q4_K_M")]
    public void Knows_a_model_of_Ollamas_library(string listed, string? quantization, string name) =>
        Assert.Equal(name, Catalog.Match(Model(listed) with { OllamaNames = true, Quantization = quantization })?.Name);

    [Theory]
    [InlineData("Qwen2.5-Coder-14B-Q4_K_M")]
    [InlineData("hf.co/bartowski/Qwen2.5-Coder-14B-GGUF:Q4_K_M")]
    [InlineData("Qwen2.5-14B-Instruct-Q4_K_M")]
    [InlineData("Qwen2.5-Coder-0.5B-Instruct-Q8_0")]
    [InlineData("Qwen2.5-Coder-14B-Instruct-abliterated-Q4_K_M")]
    [InlineData("Qwen2.5-Coder-32B-Instruct-128K-Q4_K_M")]
    [InlineData("DeepSeek-R1-Distill-Qwen-14B-Q4_K_M")]
    [InlineData("DeepSeek-R1-0528-Qwen3-8B-Q4_K_M")]
    [InlineData("Qwen3-8B-Base-Q4_K_M")]
    [InlineData("Qwen3-30B-A3B-Q4_K_M")]
    [InlineData("Qwen3-30B-A3B-Thinking-2507-Q4_K_M")]
    [InlineData("Qwen3-Coder-480B-A35B-Instruct-Q4_K_M")]
    [InlineData("Qwen3.6-27B-Uncensored-HauhauCS-Aggressive-Q4_K_M")]
    [InlineData("Qwen3.5-27B-Q4_K_M")]
    [InlineData("cerebras_Qwen3-Coder-REAP-25B-A3B-Q4_K_M")]
    [InlineData("gpt-oss-safeguard-20b-MXFP4")]
    [InlineData("gemma-4-26B-A4B-Q4_K_M")]
    [InlineData("gpt-oss:120b-cloud")]
    [InlineData("qwen2.5-coder:14b-base-q4_K_M")]
    [InlineData("someone/qwen2.5-coder:14b")]
    [InlineData("qwen2.5-coder-14b:latest")]
    [InlineData("qwen3.6:27b-coding-nvfp4")]
    [InlineData("32b")]
    [InlineData("Q4_K_M")]
    [InlineData("")]
    public void Takes_no_other_model_for_one_of_the_catalog(string listed)
    {
        Assert.Null(Catalog.Match(Model(listed)));
        Assert.Null(Catalog.Match(Model(listed) with { OllamaNames = true, Quantization = "Q4_K_M" }));
    }

    [Fact]
    public void The_smoke_test_model_is_none() => Assert.Null(Catalog.Match(Model("Qwen3-8B-Q4_K_M") with { SmokeTest = true }));

    [Fact]
    public void Every_file_is_known_by_its_own_pull_names() => Assert.All(Catalog.Choices, choice =>
    {
        Assert.Equal(choice, Catalog.Match(Model("hf.co/" + choice.Variant!.Hf)));
        Assert.Equal(choice, choice.Variant.Ollama is { } ollama ? Catalog.Match(Model(ollama) with { OllamaNames = true, Quantization = choice.Variant.Quantization }) : choice);
        Assert.All(choice.Model.AlsoKnownAs, name => Assert.Equal(choice.Model, Catalog.Match(Model(name) with { OllamaNames = name.Contains(':') })?.Model));
    });

    private static ModelFacts Model(string name) => new() { Name = name, Backend = "test" };
}
