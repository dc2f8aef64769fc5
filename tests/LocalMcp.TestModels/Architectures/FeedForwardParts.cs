namespace LocalMcp.TestModels.Architectures;

/// <summary>The tensors of the feed-forward part of a layer.</summary>
internal static class FeedForwardParts
{
    public static IEnumerable<RandomPart> Dense(RandomShape shape) => Dense(shape, shape.FeedForward);

    public static IEnumerable<RandomPart> Dense(RandomShape shape, int width) =>
    [
        new("ffn_gate.weight", shape.Width, width),
        .. Ungated(shape, width),
    ];

    public static IEnumerable<RandomPart> Ungated(RandomShape shape, int width) =>
    [
        new("ffn_up.weight", shape.Width, width),
        new("ffn_down.weight", width, shape.Width),
    ];

    /// <summary>Gate and the rest in one matrix.</summary>
    public static IEnumerable<RandomPart> Fused(RandomShape shape) =>
    [
        new("ffn_up.weight", shape.Width, 2 * shape.FeedForward),
        new("ffn_down.weight", shape.FeedForward, shape.Width),
    ];

    public static IEnumerable<RandomPart> Experts(RandomShape shape) =>
    [
        new("ffn_gate_inp.weight", shape.Width, shape.Experts),
        new("ffn_gate_exps.weight", shape.Width, shape.FeedForward, shape.Experts),
        new("ffn_up_exps.weight", shape.Width, shape.FeedForward, shape.Experts),
        new("ffn_down_exps.weight", shape.FeedForward, shape.Width, shape.Experts),
    ];

    /// <summary>Experts and shared experts without gates, as Nemotron has them.</summary>
    public static IEnumerable<RandomPart> UngatedExperts(RandomShape shape) =>
    [
        new("ffn_gate_inp.weight", shape.Width, shape.Experts),
        new("exp_probs_b.bias", shape.Experts),
        new("ffn_up_exps.weight", shape.Width, shape.FeedForward, shape.Experts),
        new("ffn_down_exps.weight", shape.FeedForward, shape.Width, shape.Experts),
        new("ffn_up_shexp.weight", shape.Width, shape.SharedFeedForward),
        new("ffn_down_shexp.weight", shape.SharedFeedForward, shape.Width),
    ];

    public static IEnumerable<RandomPart> ExpertBiases(RandomShape shape) =>
    [
        new("ffn_gate_inp.bias", shape.Experts),
        new("ffn_gate_exps.bias", shape.FeedForward, shape.Experts),
        new("ffn_up_exps.bias", shape.FeedForward, shape.Experts),
        new("ffn_down_exps.bias", shape.Width, shape.Experts),
    ];

    /// <summary>The experts that work on every token.</summary>
    public static IEnumerable<RandomPart> SharedExperts(RandomShape shape) =>
    [
        new("ffn_gate_shexp.weight", shape.Width, shape.SharedFeedForward),
        new("ffn_up_shexp.weight", shape.Width, shape.SharedFeedForward),
        new("ffn_down_shexp.weight", shape.SharedFeedForward, shape.Width),
    ];
}
