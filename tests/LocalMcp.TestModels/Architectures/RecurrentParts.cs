namespace LocalMcp.TestModels.Architectures;

/// <summary>The tensors of layers that keep a state of fixed size in place of keys and values.</summary>
internal static class RecurrentParts
{
    /// <summary>A state space layer (Mamba 2).</summary>
    public static IEnumerable<RandomPart> StateSpace(RandomShape shape, StateShape state)
    {
        var mixed = state.Inner + (2 * state.Groups * state.Size);
        return
        [
            new("ssm_in.weight", shape.Width, state.Inner + mixed + state.Heads),
            new("ssm_conv1d.weight", state.Kernel, mixed),
            new("ssm_conv1d.bias", mixed),
            new("ssm_dt.bias", state.Heads),
            new("ssm_a", 1, state.Heads) { Constant = -1 },
            new("ssm_d", 1, state.Heads) { Constant = RandomPart.One },
            new("ssm_norm.weight", state.Inner / state.Groups, state.Groups),
            new("ssm_out.weight", state.Inner, shape.Width),
        ];
    }

    /// <summary>Linear attention with a gated delta rule; the groups are the key heads, the heads the value heads.</summary>
    /// <param name="shape">The model's sizes.</param>
    /// <param name="state">The layer's sizes.</param>
    /// <param name="fused">Whether the two small matrices are one.</param>
    public static IEnumerable<RandomPart> DeltaNet(RandomShape shape, StateShape state, bool fused)
    {
        var mixed = state.Inner + (2 * state.Groups * state.Size);
        return
        [
            new("attn_qkv.weight", shape.Width, mixed),
            new("attn_gate.weight", shape.Width, state.Inner),
            new("ssm_conv1d.weight", state.Kernel, mixed),
            new("ssm_dt.bias", state.Heads),
            new("ssm_a", state.Heads) { Constant = -1 },
            .. fused ? Mixing("ssm_ba", 2) : [.. Mixing("ssm_beta", 1), .. Mixing("ssm_alpha", 1)],
            new("ssm_norm.weight", state.Size),
            new("ssm_out.weight", state.Inner, shape.Width),
        ];

        IEnumerable<RandomPart> Mixing(string name, int matrices) => [new($"{name}.weight", shape.Width, matrices * state.Heads)];
    }

    public static IEnumerable<RandomPart> ShortConvolution(RandomShape shape) =>
    [
        new("shortconv.conv.weight", shape.ShortKernel, shape.Width),
        new("shortconv.in_proj.weight", shape.Width, 3 * shape.Width),
        new("shortconv.out_proj.weight", shape.Width, shape.Width),
    ];
}
