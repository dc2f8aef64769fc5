using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// GGUF files as they lie on a disk: a verdict on each, and what the list of models makes of it. The tests have another that knows where the fields of a header are, and
/// breaks those (LOCAL_MCP_FUZZ); this one breaks anything, and hands out the bytes in pieces.
/// </summary>
internal sealed class GgufFuzzer : Fuzzer
{
    private readonly TemporaryHome home = new();

    public override string Name => "gguf";

    public override int Rounds => 500;

    public override IReadOnlyList<string> Tokens =>
    [
        "GGUF", "\x03\0\0\0", "\0\0\0\0\0\0\0\0", "\x01\0\0\0\0\0\0\0", "\x08\0\0\0", "\x09\0\0\0", "\x0c\0\0\0", "general.architecture", "general.alignment", "llama", "qwen2moe", "split.count", "split.no", "general.file_type", "tokenizer.ggml.tokens", "tokenizer.chat_template", ".block_count", ".attention.head_count", "blk.0.attn_q.weight", "token_embd.weight",
    ];

    public override IEnumerable<byte[]> MadeCorpus()
    {
        var path = Path.Combine(home.Folder, "seed.gguf");
        foreach (var architecture in RandomArchitecture.All)
        {
            RandomModel.Write(path, new RandomShape(2, 64, 2, 1, 64, 512) { Experts = 4 }, architecture: architecture);
            var whole = File.ReadAllBytes(path);
            yield return whole[..(int)(GgufHeader.Read(path).Extent!.Value - GgufHeader.Read(path).Shape.WeightBytes!.Value)];
        }
    }

    public override Task TryAsync(byte[] input, Random random)
    {
        var whole = Facts(() => GgufHeader.Read(new GgufReader(input.Length, (offset, into) => Read(input, offset, into))));
        var cut = Facts(() => GgufHeader.Read(new GgufReader(input.Length, (offset, into) => Read(input, offset, into[..random.Next(1, into.Length + 1)]))));
        BrokenException.Unless(whole == cut, $"read in pieces, something else comes out: {cut} where whole it is {whole}");
        var path = Path.Combine(home.Folder, "model.gguf");
        File.WriteAllBytes(path, input);
        var verdict = GgufVerdict.Of(new FileInfo(path));
        BrokenException.Unless(verdict.Broken is not { } why || (why.Length is > 3 and < 300 && !why.Any(char.IsControl) && !why.EndsWith('.')), "a verdict that is no phrase");
        BrokenException.Unless(verdict.Header is not null || verdict.Broken is not null, "no facts and no verdict");
        BrokenException.Unless(Facts(() => GgufHeader.Read(path)) == whole, "from the disk, something else comes out");
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        home.Dispose();
        return Task.CompletedTask;
    }

    private static int Read(byte[] input, long offset, Span<byte> into)
    {
        var count = (int)Math.Min(into.Length, input.Length - offset);
        input.AsSpan((int)offset, count).CopyTo(into);
        return count;
    }

    private static string Facts(Func<GgufHeader> read)
    {
        try
        {
            var header = read();
            var shape = header.Shape;
            BrokenException.Unless(!(shape.Parameters < 0 || shape.ActiveParameters > shape.Parameters || shape.ActiveBytes > shape.WeightBytes || shape.RecurrentElements < 0 || shape.Layers < 1 || shape.Experts < 0), $"facts that cannot be: {shape}");
            return $"{shape with { Cache = null, Types = null }} {shape.Cache?.Count} {shape.Types?.Count} {header.Quantization} {GgufPurpose.IsChat(header)} {header.Extent} {header.ContextLength} {header.Part} {header.Parts}";
        }
        catch (InvalidDataException broken)
        {
            return broken.Message;
        }
    }
}
