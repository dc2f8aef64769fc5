namespace LocalMcp.TestModels.Architectures;

/// <summary>
/// Which type each weight is stored in. Q4_K is the mix that real files call Q4_K_M: the output and, in half of the layers, values and the last matrix of the
/// feed-forward part in Q6_K. MXFP4 is for experts, the rest of the model is Q8_0. Rows that do not fill a type's blocks are Q5_0 in place of
/// Q4_K, else Q8_0, or in full.
/// </summary>
internal sealed class WeightTypes(TensorType main, RandomArchitecture architecture, RandomShape shape)
{
    private readonly bool _tied = architecture.TiedOutput ?? shape.TiedOutput;

    public TensorType Of(RandomPart part)
    {
        if (part.InFull) return TensorType.F32;
        return Fitting(main switch
        {
            TensorType.Q4_K when IsMoreExact(part.Name) => TensorType.Q6_K,
            TensorType.MXFP4 when !part.Name.EndsWith("_exps.weight", StringComparison.Ordinal) => TensorType.Q8_0,
            _ => main,
        }, part.Dimensions[0]);
    }

    private static TensorType Fitting(TensorType type, long row) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 || row % type.NumbersPerBlock() == 0 ? type
        : row % TensorTypes.BlockSize == 0 ? type == TensorType.Q4_K ? TensorType.Q5_0 : TensorType.Q8_0
        : TensorType.F32;

    private bool IsMoreExact(string name) => name.Split('.') switch
    {
        ["output", ..] => true,
        ["token_embd", ..] => _tied,
        ["blk", var layer, "attn_v" or "attn_v_b" or "ffn_down" or "ffn_down_exps" or "ffn_down_shexp", ..] => IsMoreExact(int.Parse(layer)),
        _ => false,
    };

    // The first and the last eighth of the layers, and every third between.
    private bool IsMoreExact(int layer)
    {
        var eighth = architecture.Blocks(shape) / 8;
        return layer < eighth || layer >= 7 * architecture.Blocks(shape) / 8 || (layer - eighth) % 3 == 2;
    }
}
