using LocalMcp.LlamaSharpEngine.Batching;
using LocalMcp.LlamaSharpEngine.Cli;
using LocalMcp.LlamaSharpEngine.Model;
using LocalMcp.LlamaSharpEngine.Prompt;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>The model with everything that answers questions to it; it is there before the model is.</summary>
internal sealed class Engine(EngineOptions options, TimeProvider clock) : IProgress<float>, IDisposable
{
    private volatile Loaded? loaded;
    private volatile float progress;

    public EngineOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>How much of the model has been loaded, from 0 to 1.</summary>
    public float Progress => progress;

    /// <summary>Null while the model is being loaded.</summary>
    public Loaded? Ready => loaded;

    public void Report(float value) => progress = value;

    /// <exception cref="LoadException">The model cannot be served.</exception>
    public async Task LoadAsync()
    {
        var model = await LoadedModel.LoadAsync(options, this);
        var template = ChatTemplate.For(model.ChatTemplate);
        if (template.Warning is not null)
            Console.Error.WriteLine($"warning: {template.Warning}");
        loaded = new Loaded(model, template, new InferenceLoop(model, options.Parallel));
    }

    public void Dispose() => loaded?.Loop.Dispose();

    internal sealed record Loaded(LoadedModel Model, ChatTemplate Template, InferenceLoop Loop);
}
