using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

/// <summary>What the header says of a small model of each architecture that our writer knows: the facts in one line each, as somebody last looked at them.</summary>
public sealed class GoldenShapesTests
{
    private static readonly Dictionary<string, string> Golden = new()
    {
        ["deepseek2"] = "3554192 numbers, 2374544 active, 3 layers, width 256, ff 128, heads 4/1 of 288/256, experts 2/8, window 0, latent True, state 0, cache 3 x 288+0, tokens 2048",
        ["gemma2"] = "3674368 numbers, 3674368 active, 4 layers, width 256, ff 512, heads 4/2 of 128/128, experts 0/0, window 512, latent False, state 0, cache 2 x 256+256 in 512 + 2 x 256+256, tokens 2048",
        ["gemma3"] = "8792832 numbers, 8792832 active, 7 layers, width 256, ff 512, heads 4/2 of 256/256, experts 0/0, window 512, latent False, state 0, cache 6 x 512+512 in 512 + 1 x 512+512, tokens 2048",
        ["gemma4"] = "7452288 numbers, 7452288 active, 12 layers, width 256, ff 512, heads 4/2 of 128/128, experts 0/0, window 512, latent False, state 0, cache 5 x 128+128 in 512 + 1 x 128+128, tokens 2048",
        ["glm4moe"] = "4304408 numbers, 1908368 active, 3 layers, width 256, ff 128, heads 4/2 of 64/64, experts 2/8, window 0, latent False, state 0, cache 3 x 128+128, tokens 2048",
        ["gpt-oss"] = "5010736 numbers, 2639152 active, 4 layers, width 256, ff 128, heads 4/2 of 64/64, experts 2/8, window 128, latent False, state 0, cache 2 x 128+128 in 128 + 2 x 128+128, tokens 2048",
        ["granitehybrid"] = "5665864 numbers, 3306568 active, 4 layers, width 256, ff 128, heads 4/2 of 64/64, experts 2/8, window 0, latent False, state 203520, cache 1 x 128+128, tokens 2048",
        ["lfm2"] = "3084928 numbers, 3084928 active, 4 layers, width 256, ff 512, heads 4/2 of 64/64, experts 0/0, window 0, latent False, state 1536, cache 1 x 128+128, tokens 2048",
        ["llama"] = "1705216 numbers, 1705216 active, 2 layers, width 256, ff 512, heads 4/2 of 64/64, experts 0/0, window 0, latent False, state 0, cache 2 x 128+128, tokens 2048",
        ["mamba2"] = "2386272 numbers, 2386272 active, 4 layers, width 256, ff , heads 8/8 of 32/32, experts 0/0, window 0, latent False, state 271360, cache , tokens 2048",
        ["nemotron_h"] = "1914672 numbers, 1914672 active, 4 layers, width 256, ff 512, heads 4/2 of 64/64, experts 0/0, window 0, latent False, state 135680, cache 1 x 128+128, tokens 2048",
        ["nemotron_h_moe"] = "2244408 numbers, 1851192 active, 4 layers, width 256, ff 128, heads 4/2 of 64/64, experts 2/8, window 0, latent False, state 135680, cache 1 x 128+128, tokens 2048",
        ["phi3"] = "1836288 numbers, 1836288 active, 2 layers, width 256, ff 512, heads 4/4 of 64/64, experts 0/0, window 0, latent False, state 0, cache 2 x 256+256, tokens 2048",
        ["qwen2"] = "1706240 numbers, 1706240 active, 2 layers, width 256, ff 512, heads 4/2 of 64/64, experts 0/0, window 0, latent False, state 0, cache 2 x 128+128, tokens 2048",
        ["qwen3"] = "2098944 numbers, 2098944 active, 2 layers, width 256, ff 512, heads 4/2 of 128/128, experts 0/0, window 0, latent False, state 0, cache 2 x 256+256, tokens 2048",
        ["qwen35"] = "5265816 numbers, 4215704 active, 4 layers, width 256, ff 512, heads 4/2 of 128/128, experts 0/0, window 0, latent False, state 205824, cache 1 x 256+256, tokens 2048",
        ["qwen35moe"] = "7734936 numbers, 3831704 active, 4 layers, width 256, ff 128, heads 4/2 of 128/128, experts 2/8, window 0, latent False, state 205824, cache 1 x 256+256, tokens 2048",
        ["qwen3moe"] = "2889472 numbers, 1709824 active, 2 layers, width 256, ff 128, heads 4/2 of 128/128, experts 2/8, window 0, latent False, state 0, cache 2 x 256+256, tokens 2048",
        ["qwen3next"] = "6191000 numbers, 3831704 active, 4 layers, width 256, ff 128, heads 4/2 of 128/128, experts 2/8, window 0, latent False, state 205824, cache 1 x 256+256, tokens 2048",
    };

    public static TheoryData<string> Architectures => [.. RandomArchitecture.All.Select(architecture => architecture.Name)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_facts_of_an_architecture_are_read_from_the_header(string name)
    {
        using var home = new TemporaryHome();
        var (file, architecture) = (Path.Combine(home.Folder, "m.gguf"), RandomArchitecture.Named(name));
        RandomModel.Write(file, architecture.Sample, TensorType.Q8_0, 1, architecture, hollow: true);
        Assert.Equal(Golden.GetValueOrDefault(name), Line(GgufHeader.Read(file).Shape));
    }

    private static string Line(ModelShape shape) => string.Create(CultureInfo.InvariantCulture,
        $"{shape.Parameters} numbers, {shape.ActiveParameters} active, {shape.Layers} layers, width {shape.EmbeddingLength}, ff {shape.FeedForwardLength}, heads {shape.Heads}/{shape.KvHeads} of {shape.KeyLength}/{shape.ValueLength}, experts {shape.UsedExperts}/{shape.Experts}, window {shape.SlidingWindow}, latent {shape.LatentAttention}, state {shape.RecurrentElements}, cache {Cache(shape)}, tokens {shape.Vocabulary}");

    private static string Cache(ModelShape shape) =>
        shape.Cache is null ? "unknown" : string.Join(" + ", shape.Cache.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Layers} x {kind.KeyElements}+{kind.ValueElements}{(kind.Window is { } window ? $" in {window}" : "")}")));
}
