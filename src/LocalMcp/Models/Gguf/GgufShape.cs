namespace LocalMcp.Models.Gguf;

/// <summary>The shape of a model, from what it says of itself and from what its tensors add up to.</summary>
internal static class GgufShape
{
    /// <param name="weights">The tensors of all its parts; null where they are not all known. Then what they would say is null, or from the metadata.</param>
    /// <param name="chatTemplate">Its template; null without one.</param>
    public static ModelShape Of(GgufMetadata metadata, TensorTally? weights, string? chatTemplate)
    {
        var plan = new ModelPlan(metadata);
        var windows = SlidingWindows.Of(plan);
        var shape = new ModelShape
        {
            Architecture = metadata.Text("general.architecture"),
            Layers = plan.Layers,
            PredictingLayers = plan.Layers is null ? null : plan.Predicting,
            RecurrentLayers = RecurrentState.Layers(plan)?.Count(recurrent => recurrent),
            EmbeddingLength = Positive(plan.Number("embedding_length")),
            Heads = Most(plan.Heads),
            KvHeads = Most(plan.KvHeads),
            KeyLength = plan.KeyLength,
            ValueLength = plan.ValueLength,
            Vocabulary = Positive(metadata.Length("tokenizer.ggml.tokens") ?? plan.Number("vocab_size") ?? (int?)Fitting(weights?.EmbeddingRows)),
            SlidingWindow = windows is null ? null : windows.Layers.Contains(true) ? windows.Window : 0,
            Cache = CacheLayout.Of(plan),
            RecurrentElements = RecurrentState.Elements(plan),
            RecurrentWidth = plan.Number("ssm.inner_size") ?? (RecurrentState.Elements(plan) == 0 ? 0 : null),
            LatentAttention = plan.Layers is null || !Architectures.HasKnownCache(plan) ? null : plan.IsLatent,
            Tokenizer = metadata.Text("tokenizer.ggml.model"),
            CanUseTools = metadata.Has("tokenizer.chat_template.tool_use") ? true : TemplateTools.Takes(chatTemplate),
        };
        return ExpertFacts.AddTo(shape, plan) is var known && weights is { Count: > 0 } ? WithWeights(known, weights) : known with
        {
            Parameters = metadata.Large("general.parameter_count"),
            ActiveParameters = known is { Experts: 0, PredictingLayers: 0 } ? metadata.Large("general.parameter_count") : null,
        };
    }

    private static ModelShape WithWeights(ModelShape shape, TensorTally weights)
    {
        var active = shape is { Layers: { } layers, Experts: { } experts, UsedExperts: { } used } ? weights.Active(layers, experts, used) : null;
        var complete = weights.Complete;
        return shape with
        {
            Parameters = Long(weights.Numbers),
            ActiveParameters = Long(active?.Numbers),
            WeightBytes = complete ? Long(weights.Bytes) : null,
            ActiveBytes = complete && active is { } passed ? Long(passed.Bytes - weights.TableBytes) : null,
            TableBytes = complete ? Long(weights.TableBytes) : null,
            Types = complete ? [.. weights.Types.Select(one => new TypeBytes(one.Type.Name, Long(one.Bytes) ?? 0))] : null,
        };
    }

    private static int? Most(IReadOnlyList<ulong>? heads) => heads?.Max() is { } most && most <= int.MaxValue ? (int)most : null;

    private static int? Positive(int? number) => number > 0 ? number : null;

    private static int? Fitting(long? number) => number <= int.MaxValue ? (int)number : null;

    private static long? Long(UInt128? number) => number <= long.MaxValue ? (long)number : null;
}
