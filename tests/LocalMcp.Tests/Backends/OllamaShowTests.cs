using LocalMcp.Backends.Ollama;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

/// <summary>What Ollama's show adds to its list: of a real Ollama 0.33, recorded, and of answers that nobody should believe.</summary>
public sealed class OllamaShowTests
{
    [Fact]
    public async Task A_listed_model_has_the_shape_that_show_tells()
    {
        await using var ollama = await RecordedOllama.StartAsync(new[] { "root", "tags", "ps-loaded", "show-think" }.Select(Repository.Captured));
        await using var house = House.With(ollama.BaseUrl);
        var models = (await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models;
        var shape = models.Single(model => model.Name == "scripted-think:latest").Shape!;
        Assert.Equal(("llama", 1, 384, 4, 1, 96, 384, "gpt2", false), (shape.Architecture, shape.Layers, shape.EmbeddingLength, shape.Heads, shape.KvHeads, shape.KeyLength, shape.Vocabulary, shape.Tokenizer, shape.CanUseTools));
        // 2 x 384 x 384 + 2 x 384 x 96 + 2 x 384 x 384 + 3 x 32 x 384 + 3 x 384, of 4 bytes; the table of embeddings has 384 x 384 of them.
        Assert.Equal((701_568, 701_568, 4 * 701_568, 4 * (701_568 - (384 * 384))), (shape.Parameters, shape.ActiveParameters, shape.WeightBytes, shape.ActiveBytes));
        Assert.Equal((1, 96, 96), (Assert.Single(shape.Cache!).Layers, shape.Cache![0].KeyElements, shape.Cache[0].ValueElements));
    }

    [Fact]
    public async Task What_was_said_of_a_digest_is_not_asked_again()
    {
        await using var ollama = await FakeModelServer.StartAsync(new FakeOptions { Kind = FakeServer.ServerKind.Ollama });
        await using var house = House.With(ollama.BaseUrl);
        await house.Directory.ListAsync(TestContext.Current.CancellationToken);
        var asked = ollama.Requests.Count(request => request.Path == "/api/show");
        await house.Directory.ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (asked, ollama.Requests.Count(request => request.Path == "/api/show")));
    }

    [Fact]
    public void The_context_of_the_parameters_counts_as_far_as_the_model_was_trained_for()
    {
        Assert.Equal(1024, Show("""{"parameters":"stop   \"x\"\nnum_ctx                        1024","model_info":{"general.architecture":"llama","llama.context_length":2048}}""")?.Context);
        Assert.Equal(2048, Show("""{"parameters":"num_ctx 100000","model_info":{"general.architecture":"llama","llama.context_length":2048}}""")?.Context);
        Assert.Null(Show("""{"parameters":"num_ctx many\nnum_ctx","model_info":{}}""")?.Context);
    }

    [Fact]
    public void A_list_that_is_not_told_leaves_unknown_what_depends_on_it()
    {
        const string keys = "\"general.architecture\":\"jamba\",\"general.parameter_count\":52000000000,\"jamba.block_count\":32,\"jamba.embedding_length\":4096,\"jamba.attention.head_count\":32,\"jamba.ssm.conv_kernel\":4,\"jamba.ssm.inner_size\":8192,\"jamba.ssm.state_size\":16";
        var untold = Show("{\"model_info\":{" + keys + ",\"jamba.attention.head_count_kv\":null}}")!.Shape;
        Assert.Equal((52_000_000_000, null, null, null, 7), (untold.Parameters, untold.Cache, untold.RecurrentElements, untold.KvHeads, untold.WeightBytes));
        var told = Show("{\"model_info\":{" + keys + ",\"jamba.attention.head_count_kv\":[" + string.Join(",", Enumerable.Range(0, 32).Select(layer => layer % 8 == 4 ? 8 : 0)) + "]}}")!.Shape;
        Assert.Equal((4, 28L * ((3 * 8192) + (16 * 8192))), (Assert.Single(told.Cache!).Layers, told.RecurrentElements));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"model_info\":7}")]
    [InlineData("{\"model_info\":{\"\\ud800\":1}}")]
    public void What_is_no_such_answer_says_nothing(string body) => Assert.Null(Show(body));

    [Theory]
    [InlineData("\"tensors\":{}")]
    [InlineData("\"tensors\":[1,null,{}]")]
    [InlineData("\"tensors\":[{\"name\":\"a\",\"type\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,9223372036854775807]}]")]
    [InlineData("\"tensors\":[{\"name\":7,\"type\":[],\"shape\":\"x\"}]")]
    [InlineData("\"parameters\":[1],\"template\":{},\"capabilities\":\"all\"")]
    [InlineData("\"capabilities\":[1,{},null]")]
    public void A_field_that_means_something_else_loses_that_fact_only(string field) =>
        Assert.Equal(4, Show("{" + field + ""","model_info":{"general.architecture":"llama","llama.block_count":4,"llama.attention.head_count":"many","llama.embedding_length":-1}}""")?.Shape.Layers);

    private static OllamaShow? Show(string body) => OllamaShow.Of(body, size: 7);
}
