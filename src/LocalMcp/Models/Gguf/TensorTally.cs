using System.Buffers.Text;

namespace LocalMcp.Models.Gguf;

/// <summary>
/// What the tensors of a model add up to, by what their names say that they are for. The names: llama.cpp's LLM_TENSOR_NAMES in src/llama-arch.cpp.
/// </summary>
internal sealed class TensorTally
{
    private readonly UInt128[] types = new UInt128[GgufTensorType.Count];
    private readonly Dictionary<int, Part> blocks = [];
    private Part elsewhere;
    private Part senses;
    private Part embeddings;
    private Part furtherTables;
    private bool hasOutput;

    /// <summary>Whether every tensor's type is known here: then bytes can be told.</summary>
    public bool Complete { get; private set; } = true;

    /// <summary>How many tensors.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there are experts of a second kind, of which the metadata does not say how many work (GroveMoE's chunk experts).</summary>
    public bool HasOtherExperts { get; private set; }

    /// <summary>Rows of the table of embeddings, which is the vocabulary; null without one.</summary>
    public long? EmbeddingRows { get; private set; }

    /// <summary>Numbers in all tensors.</summary>
    public UInt128 Numbers => Everything.Numbers;

    /// <summary>Bytes of all tensors.</summary>
    public UInt128 Bytes => Everything.Bytes;

    /// <summary>Bytes of the tables of which a token reads a row: the embeddings, unless they are the output matrix too, and those of single layers.</summary>
    public UInt128 TableBytes => (hasOutput ? embeddings.Bytes : 0) + furtherTables.Bytes;

    /// <summary>Bytes by type, most first, without types that do not occur.</summary>
    public IReadOnlyList<(GgufTensorType Type, UInt128 Bytes)> Types =>
        [.. types.Select((bytes, id) => (Type: GgufTensorType.Of((uint)id)!, Bytes: bytes)).Where(one => one.Bytes > 0).OrderByDescending(one => one.Bytes)];

    private Part Everything => blocks.Values.Aggregate(elsewhere + senses + embeddings + furtherTables, (sum, block) => sum + block);

    /// <summary>Adds one tensor.</summary>
    /// <param name="name">Its name, in UTF-8.</param>
    /// <param name="type">Null for one that is not known here.</param>
    /// <param name="numbers">How many numbers it has.</param>
    /// <param name="last">Its last dimension.</param>
    public void Add(ReadOnlySpan<byte> name, GgufTensorType? type, ulong numbers, ulong last)
    {
        Count++;
        var bytes = type is null ? 0 : (UInt128)(numbers / type.Numbers) * type.Bytes;
        if (type is null)
            Complete = false;
        else
            types[type.Id] += bytes;
        var part = new Part(numbers, bytes, 0, 0);
        if (Block(name, out var rest) is { } block)
            AddTo(block, rest, part);
        else
            AddElsewhere(name, part, last);
    }

    /// <summary>Adds what another part of a split model holds.</summary>
    public void Add(TensorTally other)
    {
        for (var id = 0; id < types.Length; id++)
            types[id] += other.types[id];
        foreach (var (block, part) in other.blocks)
            blocks[block] = blocks.GetValueOrDefault(block) + part;
        elsewhere += other.elsewhere;
        senses += other.senses;
        embeddings += other.embeddings;
        furtherTables += other.furtherTables;
        hasOutput |= other.hasOutput;
        Complete &= other.Complete;
        Count += other.Count;
        HasOtherExperts |= other.HasOtherExperts;
        EmbeddingRows ??= other.EmbeddingRows;
    }

    /// <summary>Numbers and bytes that one token passes, tables of embeddings included; null where the experts do not fit together.</summary>
    /// <param name="layers">Blocks from this one on only predict further tokens.</param>
    /// <param name="experts">Experts in a layer; 0 for none.</param>
    /// <param name="used">Experts that work on one token.</param>
    public (UInt128 Numbers, UInt128 Bytes)? Active(int layers, int experts, int used)
    {
        var all = blocks.Where(block => block.Key < layers).Aggregate(elsewhere + embeddings + furtherTables, (sum, block) => sum + block.Value);
        if (all.ExpertNumbers == 0)
            return (all.Numbers, all.Bytes);
        if (experts < 1 || used < 1 || used > experts || HasOtherExperts)
            return null;
        return (Used(all.Numbers, all.ExpertNumbers), Used(all.Bytes, all.ExpertBytes));

        UInt128 Used(UInt128 whole, UInt128 ofExperts) => whole - ofExperts + (ofExperts * (uint)used / (uint)experts);
    }

    private void AddTo(int block, ReadOnlySpan<byte> rest, Part part)
    {
        HasOtherExperts |= rest.IndexOf("_chexps."u8) >= 0;
        var expert = rest.IndexOf("_exps."u8) >= 0 || IsSingleExpert(rest);
        blocks[block] = blocks.GetValueOrDefault(block) + (expert ? part with { ExpertNumbers = part.Numbers, ExpertBytes = part.Bytes } : part);
    }

    private void AddElsewhere(ReadOnlySpan<byte> name, Part part, ulong last)
    {
        hasOutput |= name.SequenceEqual("output.weight"u8);
        if (name.SequenceEqual("token_embd.weight"u8))
        {
            embeddings += part;
            EmbeddingRows = (long)last;
        }
        else if (name.SequenceEqual("per_layer_token_embd.weight"u8))
            furtherTables += part;
        else if (name.StartsWith("v."u8) || name.StartsWith("mm."u8) || name.StartsWith("a."u8))
            senses += part;
        else
            elsewhere += part;
    }

    // blk.12.attn_q.weight: 12, and what follows.
    private static int? Block(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest)
    {
        rest = name;
        if (!name.StartsWith("blk."u8) || !Utf8Parser.TryParse(name[4..], out int block, out var digits) || block is < 0 or >= GgufMetadata.MostLayers)
            return null;
        rest = name[(4 + digits)..];
        return rest.StartsWith("."u8) ? block : null;
    }

    // Old files of Mixtral have a tensor for each expert: .ffn_gate.7.weight.
    private static bool IsSingleExpert(ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith(".ffn_"u8))
            return false;
        var dot = rest[1..].IndexOf((byte)'.') + 2;
        return dot > 1 && Utf8Parser.TryParse(rest[dot..], out uint _, out var digits) && rest[(dot + digits)..].StartsWith("."u8);
    }

    private readonly record struct Part(UInt128 Numbers, UInt128 Bytes, UInt128 ExpertNumbers, UInt128 ExpertBytes)
    {
        public static Part operator +(Part one, Part other) =>
            new(one.Numbers + other.Numbers, one.Bytes + other.Bytes, one.ExpertNumbers + other.ExpertNumbers, one.ExpertBytes + other.ExpertBytes);
    }
}
