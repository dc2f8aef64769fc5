using LocalMcp.Benchmarks.Engine;
using LocalMcp.TestModels;

namespace LocalMcp.Benchmarks.All;

/// <summary>What the parts share: the options, and one home with an engine and its models, made when the first one wants it.</summary>
internal sealed class BenchBed(AllOptions options, string? engine) : IAsyncDisposable
{
    /// <summary>A model that says as many tokens as the stream has.</summary>
    public const string Long = "long";

    public const int LongTokens = 2_000;

    private BenchHome? home;

    public AllOptions Options { get; } = options;

    /// <exception cref="NotMeasuredException">There is no llama-server.</exception>
    public string Engine => engine ?? throw new NotMeasuredException("there is no llama-server on PATH (`scripts/fetch-engine.sh artifacts/engine` fetches one)");

    /// <summary>The home with an engine.</summary>
    public BenchHome WithEngine => home ??= Furnished();

    public ValueTask DisposeAsync() => home?.DisposeAsync() ?? ValueTask.CompletedTask;

    private BenchHome Furnished()
    {
        var made = new BenchHome(Engine);
        BenchModels.Write(made, Options.Model);
        ScriptedModel.Write(made.ModelFile(Long), new Script(string.Join(' ', Enumerable.Range(1, LongTokens + 100).Select(number => $"word{number}"))) { ContextLength = 8_192 });
        return made;
    }
}
