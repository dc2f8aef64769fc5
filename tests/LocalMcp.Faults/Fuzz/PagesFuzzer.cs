using System.Text;
using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Models;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>What model servers say of themselves and of their models, and their errors: JSON that came whole, from any server.</summary>
internal sealed class PagesFuzzer : Fuzzer
{
    public override string Name => "pages";

    public override int Rounds => 6_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "\"models\":[", "\"data\":[", "\"name\":\"m\"", "\"id\":\"m\"", "\"owned_by\":\"llamacpp\"", "\"capabilities\":[\"completion\",\"thinking\",null,7]", "\"context_length\":", "\"details\":null", "\"size\":", "\"meta\":{\"n_ctx\":1e999}", "\"error\":",
        "\"error\":{\"n_prompt_tokens\":9,\"n_ctx\":5,\"message\":\"x\"}", "\"detail\":", "\"model_info\":{\"general.architecture\":\"qwen2\"}", "\"tensors\":[{\"name\":\"a\",\"type\":\"Q4_K\",\"shape\":[256,9223372036854775807]}]", "\"parameters\":\"num_ctx 8192\"",
        "\"template\":", "\"default_generation_settings\":{\"n_ctx\":-1}", "\"total_slots\":", "\"remote_host\":\"https://ollama.com\"", "the prompt has 9 tokens, and the context is 5", "exceeds the available context size",
    ];

    public override Task TryAsync(byte[] input, Random random)
    {
        var body = Encoding.UTF8.GetString(input);
        Check(OpenAiWire.Models(body, "b"));
        _ = OpenAiWire.Kind(body);
        BrokenException.Unless(OpenAiWire.Served(body).Context is null or > 0, "a served context below one");
        Check(OllamaWire.Models(body, null, "b")?.Select(model => model.Facts));
        Check(OllamaWire.Models(body, body, "b")?.Select(model => model.Facts));
        _ = (OllamaWire.ServedContext(body, "m"), OllamaWire.Remote(body));
        if (OllamaShow.Of(body, 5) is { } show)
            Check([OllamaWire.With(new ModelFacts { Name = "m", Backend = "b" }, show)]);
        using var server = Wire.To(_ => Wire.Nothing());
        BrokenException.UnlessSentence(server.Refusal((System.Net.HttpStatusCode)random.Next(300, 600), body).Message);
        BrokenException.UnlessSentence(server.Unintelligible("a list", body).Message);
        return Task.CompletedTask;
    }

    private static void Check(IEnumerable<ModelFacts>? models)
    {
        foreach (var model in models ?? [])
        {
            BrokenException.Unless(model.Name.Length > 0, "a model without a name");
            BrokenException.Unless(model.ContextLength is null or > 0, "a context below one");
            BrokenException.Unless(model.TrainedContext is null or > 0, "a trained context below one");
            BrokenException.Unless(model.SizeBytes is null or >= 0, "a negative size");
            BrokenException.Unless(model.ResidentBytes is null or >= 0, "a negative memory");
            BrokenException.Unless(model.Shape is not { } shape || (shape.Parameters is null or >= 0 && shape.WeightBytes is null or >= 0), "negative weights");
        }
    }
}
