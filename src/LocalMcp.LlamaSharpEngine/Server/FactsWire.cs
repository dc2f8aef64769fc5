using LocalMcp.LlamaSharpEngine.Cli;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>What the engine says of itself and of its model: the fields of llama-server that callers read.</summary>
internal static class FactsWire
{
    public static PropsReply Props(EngineOptions options, Engine.Loaded ready) => new(
        new GenerationSettings(ready.Model.SlotContext), options.Parallel, options.Alias, options.Model, ready.Model.ChatTemplate, EngineVersion.Line,
        ready.Template.Warning is { } warning ? [warning] : []);

    // owned_by is what callers know the protocol by.
    public static ModelsReply Models(EngineOptions options, Engine.Loaded ready) => new(
        "list", [new ModelFact(options.Alias, "model", "llamacpp", new ModelMeta(ready.Model.SlotContext, ready.Model.TrainedContext, ready.Model.SizeBytes, ready.Model.Parameters, ready.Model.Words))]);
}

internal sealed record HealthReply(string Status);

internal sealed record GenerationSettings(int NCtx);

internal sealed record PropsReply(GenerationSettings DefaultGenerationSettings, int TotalSlots, string ModelAlias, string ModelPath, string? ChatTemplate, string BuildInfo, IReadOnlyList<string> Warnings);

internal sealed record ModelsReply(string Object, IReadOnlyList<ModelFact> Data);

internal sealed record ModelFact(string Id, string Object, string OwnedBy, ModelMeta Meta);

internal sealed record ModelMeta(int NCtx, int NCtxTrain, long Size, long NParams, int NVocab);
