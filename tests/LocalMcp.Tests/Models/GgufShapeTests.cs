using LocalMcp.Models;
using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

/// <summary>What the headers of known models say, against what their makers say of them and what llama.cpp makes of them.</summary>
public sealed class GgufShapeTests : IDisposable
{
    private readonly TemporaryHome home = new();

    private string Model => Path.Combine(home.Folder, "model.gguf");

    /// <summary>
    /// Keys as llama.cpp's converters write them, from the config.json that each maker publishes; the cache and the state by the formulas of llama.cpp's
    /// src/llama-hparams.cpp, worked out by hand. A cache is written as layers x (keys + values) / window.
    /// </summary>
    public static TheoryData<string, string, (string, object)[], string?, long?> Published => new()
    {
        // Qwen/Qwen2.5-Coder-32B-Instruct
        {
            "Qwen2.5-Coder-32B", "qwen2",
            [("block_count", 64), ("embedding_length", 5120), ("feed_forward_length", 27648), ("attention.head_count", 40), ("attention.head_count_kv", 8)],
            "64x(1024+1024)", 0
        },
        // Qwen/Qwen3-Coder-30B-A3B-Instruct
        {
            "Qwen3-Coder-30B-A3B", "qwen3moe",
            [
                ("block_count", 48), ("embedding_length", 2048), ("feed_forward_length", 6144), ("attention.head_count", 32), ("attention.head_count_kv", 4), ("attention.key_length", 128), ("attention.value_length", 128),
                ("expert_count", 128), ("expert_used_count", 8), ("expert_feed_forward_length", 768),
            ],
            "48x(512+512)", 0
        },
        // google/gemma-3-27b-it: every sixth of 62 layers looks at everything
        {
            "Gemma 3 27B", "gemma3",
            [("block_count", 62), ("embedding_length", 5376), ("attention.head_count", 32), ("attention.head_count_kv", 16), ("attention.key_length", 128), ("attention.value_length", 128), ("attention.sliding_window", 1024)],
            "52x(2048+2048)/1024 10x(2048+2048)", 0
        },
        // openai/gpt-oss-20b
        {
            "gpt-oss-20b", "gpt-oss",
            [
                ("block_count", 24), ("embedding_length", 2880), ("attention.head_count", 64), ("attention.head_count_kv", 8), ("attention.key_length", 64), ("attention.value_length", 64), ("attention.sliding_window", 128),
                ("expert_count", 32), ("expert_used_count", 4), ("expert_feed_forward_length", 2880),
            ],
            "12x(512+512)/128 12x(512+512)", 0
        },
        // deepseek-ai/DeepSeek-V2-Lite: a vector of 512 and 64 numbers for all heads
        {
            "DeepSeek-V2-Lite", "deepseek2",
            [
                ("block_count", 27), ("embedding_length", 2048), ("attention.head_count", 16), ("attention.head_count_kv", 1), ("attention.kv_lora_rank", 512), ("attention.key_length", 576), ("attention.value_length", 512),
                ("attention.key_length_mla", 192), ("attention.value_length_mla", 128),
            ],
            "27x(576+0)", 0
        },
        // The same as converted before llama.cpp kept the vector
        {
            "DeepSeek-V2-Lite of old", "deepseek2",
            [("block_count", 27), ("embedding_length", 2048), ("attention.head_count", 16), ("attention.head_count_kv", 16), ("attention.kv_lora_rank", 512), ("attention.key_length", 192), ("attention.value_length", 128)],
            "27x(3072+2048)", 0
        },
        // Qwen/Qwen3-Next-80B-A3B-Instruct: 36 x (3 x (4096 + 2 x 16 x 128) + 128 x 4096)
        {
            "Qwen3-Next-80B-A3B", "qwen3next",
            [
                ("block_count", 48), ("embedding_length", 2048), ("attention.head_count", 16), ("attention.head_count_kv", 2), ("attention.key_length", 256), ("attention.value_length", 256),
                ("ssm.conv_kernel", 4), ("ssm.inner_size", 4096), ("ssm.state_size", 128), ("ssm.group_count", 16), ("ssm.time_step_rank", 32), ("full_attention_interval", 4),
            ],
            "12x(512+512)", 19_759_104
        },
        // state-spaces/mamba2-2.7b: 64 x (3 x (5120 + 2 x 128) + 128 x 5120)
        {
            "Mamba2 2.7B", "mamba2",
            [("block_count", 64), ("embedding_length", 2560), ("attention.head_count", 0), ("ssm.conv_kernel", 4), ("ssm.inner_size", 5120), ("ssm.state_size", 128), ("ssm.group_count", 1), ("ssm.time_step_rank", 80)],
            "", 42_975_232
        },
        // ibm-granite/granite-4.0-h-tiny: attention in 4 layers of 40; 36 x (3 x (3072 + 2 x 128) + 128 x 3072)
        {
            "Granite 4.0 H Tiny", "granitehybrid",
            [
                ("block_count", 40), ("embedding_length", 1536), ("attention.head_count", 12), ("attention.head_count_kv", Every(40, 4, 5, 15, 25, 35)),
                ("ssm.conv_kernel", 4), ("ssm.inner_size", 3072), ("ssm.state_size", 128), ("ssm.group_count", 1), ("ssm.time_step_rank", 48),
            ],
            "4x(512+512)", 14_515_200
        },
        // LiquidAI/LFM2-1.2B: 10 x 2048 x (3 - 1)
        {
            "LFM2 1.2B", "lfm2",
            [("block_count", 16), ("embedding_length", 2048), ("attention.head_count", 32), ("attention.head_count_kv", Every(16, 8, 2, 5, 8, 10, 12, 14)), ("shortconv.l_cache", 3)],
            "6x(512+512)", 40_960
        },
        // zai-org/GLM-4.5-Air: 46 layers, and one that predicts
        {
            "GLM-4.5-Air", "glm4moe",
            [("block_count", 47), ("nextn_predict_layers", 1), ("embedding_length", 4096), ("attention.head_count", 96), ("attention.head_count_kv", 8), ("attention.key_length", 128), ("attention.value_length", 128)],
            "46x(1024+1024)", 0
        },
        // meta-llama/Llama-4-Scout-17B-16E: three of four layers look at a chunk
        {
            "Llama 4 Scout", "llama4",
            [("block_count", 48), ("embedding_length", 5120), ("attention.head_count", 40), ("attention.head_count_kv", 8), ("attention.key_length", 128), ("attention.value_length", 128)],
            "36x(1024+1024)/8192 12x(1024+1024)", 0
        },
    };

    /// <summary>Small models of the other kinds; cache and state are what llama-bench -v of build 11669 printed for files of these keys.</summary>
    public static TheoryData<string, string, (string, object)[], string?, long?> Measured => new()
    {
        { "Jamba", "jamba", [.. Hybrid, .. Mamba(512, 0)], "2x(128+128)", 402_432 },
        { "Falcon-H1", "falcon-h1", [.. Small(4), .. Mamba(1024, 2)], "8x(128+128)", 1_085_440 },
        { "PLaMo 2", "plamo2", [.. Hybrid, .. Mamba(1024, 0)], "2x(128+128)", 804_864 },
        { "Nemotron-H", "nemotron_h", [.. Hybrid.Where(key => key.Item1 != "feed_forward_length"), ("feed_forward_length", new[] { 0, 0, 96, 0, 0, 96, 0, 96 }), .. Mamba(1024, 2)], "2x(128+128)", 407_040 },
        { "Mamba", "mamba", [("block_count", 8), ("embedding_length", 256), ("attention.head_count", 0), .. Mamba(512, 0)], "", 536_576 },
        { "RWKV 7", "rwkv7", [("block_count", 8), ("embedding_length", 256), ("attention.head_count", 0), ("wkv.head_size", 64)], "", 135_168 },
        {
            "Kimi Linear", "kimi-linear",
            [
                .. Small(new[] { 0, 0, 0, 1, 0, 0, 0, 1 }), ("attention.kv_lora_rank", 256), ("attention.key_length", 288), ("attention.value_length", 256), ("attention.key_length_mla", 96), ("attention.value_length_mla", 64),
                ("kda.head_dim", 32), ("ssm.conv_kernel", 4),
            ],
            "2x(288+0)", 62_976
        },
        { "Qwen3.5", "qwen35", [.. Small(4), ("attention.key_length", 64), ("attention.value_length", 64), ("full_attention_interval", 2), .. Mamba(1024, 2)], "4x(256+256)", 542_720 },
        {
            "Qwen3.5 with a layer that predicts", "qwen35moe",
            [.. Small(4).Where(key => key.Item1 != "block_count"), ("block_count", 9), ("nextn_predict_layers", 1), ("attention.key_length", 64), ("attention.value_length", 64), .. Mamba(1024, 2)],
            "2x(256+256)", 814_080
        },
        { "Gemma 2", "gemma2", [.. Small(4), ("attention.sliding_window", 512)], "4x(128+128)/512 4x(128+128)", 0 },
        { "Command R7B", "cohere2", [.. Small(4), ("attention.sliding_window", 512)], "6x(128+128)/512 2x(128+128)", 0 },
        { "SmallThinker", "smallthinker", [.. Small(4), ("attention.sliding_window", 512)], "2x(128+128) 6x(128+128)/4096", 0 },
        { "Phi 3", "phi3", [.. Small(4), ("attention.sliding_window", 512)], "8x(128+128)", 0 },
        {
            "Gemma 4", "gemma4",
            [
                .. Small(new[] { 4, 4, 2, 4, 4, 2, 4, 2 }), ("attention.sliding_window", 512), ("attention.sliding_window_pattern", new[] { 1, 1, 0, 1, 1, 0, 1, 0 }), ("attention.shared_kv_layers", 2),
                ("attention.key_length", 64), ("attention.value_length", 64), ("attention.key_length_swa", 32), ("attention.value_length_swa", 32),
            ],
            "4x(128+128)/512 2x(128+128)", 0
        },
        {
            "MiMo 2", "mimo2",
            [
                .. Small(4).Where(key => key.Item1 != "block_count"), ("block_count", 9), ("nextn_predict_layers", 1), ("attention.key_length", 64), ("attention.value_length", 32),
                ("attention.sliding_window", 128), ("attention.sliding_window_pattern", new[] { 0, 1, 1, 1, 0, 1, 1, 1, 0 }),
            ],
            "2x(256+128) 6x(256+128)/128", 0
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    [MemberData(nameof(Measured))]
    public void The_memory_of_a_known_model_is_what_llama_cpp_makes_of_it(string name, string architecture, (string, object)[] keys, string? cache, long? state)
    {
        var shape = Shape(architecture, keys);
        Assert.True((Text(shape.Cache), shape.RecurrentElements) == (cache, state), $"{name}: {Text(shape.Cache)}, {shape.RecurrentElements}");
    }

    [Fact]
    public void Gemma_3n_keeps_keys_in_its_first_20_layers_only() =>
        Assert.Equal("16x(512+512)/512 4x(512+512)", Text(Shape("gemma3n", [("block_count", 30), ("embedding_length", 2048), ("attention.head_count", 8), ("attention.head_count_kv", 2), ("attention.sliding_window", 512)]).Cache));

    [Theory]
    [InlineData("attention.indexer.head_count")]
    [InlineData("attention.kv_lora_rank")]
    [InlineData("attention.shared_kv_layers")]
    [InlineData("attention.compress_ratios")]
    [InlineData("ssm.state_size")]
    [InlineData("attention.sliding_window")]
    public void Of_an_architecture_that_nobody_knows_an_unusual_key_leaves_the_cache_unknown(string key)
    {
        Assert.Null(Shape("novel", [.. Small(4), (key, 4)]).Cache);
        Assert.Equal("8x(128+128)", Text(Shape("novel", Small(4)).Cache));
    }

    [Fact]
    public void What_a_file_does_not_say_is_null()
    {
        var shape = Shape("qwen3next", Small(4));
        Assert.Equal((null, "2x(128+128)", 6, null, null, null), (shape.RecurrentElements, Text(shape.Cache), shape.RecurrentLayers, shape.Parameters, shape.Tokenizer, shape.CanUseTools));
        Assert.Equal((null, null, null), (Shape("gemma4", [.. Small(4), ("attention.sliding_window", 512)]).Cache, Shape("llama", []).Cache, Shape("llama", []).Layers));
    }

    // Qwen/Qwen3-30B-A3B: its card says 30.5 B parameters, 3.3 B of them active; the sum of its safetensors is 30,532,122,624.
    [Fact]
    public void Parameters_and_active_ones_are_counted_from_the_tensors()
    {
        var shape = Qwen3Moe(type: 12);
        Assert.Equal((30_532_122_624, 3_353_032_704), (shape.Parameters, shape.ActiveParameters));
        Assert.Equal(("Q4_K", 30_532_122_624 / 256 * 144), (Assert.Single(shape.Types!).Type, shape.WeightBytes));
        Assert.Equal((3_353_032_704 - (151_936 * 2048)) / 256 * 144, shape.ActiveBytes);
        Assert.Equal((128, 8, 0, 768), (shape.Experts, shape.UsedExperts, shape.SharedExperts, shape.FeedForwardLength));
    }

    [Fact]
    public void With_a_type_from_the_future_numbers_are_known_and_bytes_are_not() =>
        Assert.Equal((30_532_122_624, null, null, null), Qwen3Moe(type: 77) is var shape ? (shape.Parameters, shape.WeightBytes, shape.ActiveBytes, (object?)shape.Types) : default);

    [Theory]
    [InlineData(15, 12, "Q4_K_M")]
    [InlineData(2, 8, "Q8_0")]
    [InlineData(null, 12, "Q4_K")]
    [InlineData(999, 1, "F16")]
    public void A_name_that_the_tensors_belie_yields_to_them(int? fileType, int type, string expected)
    {
        var header = new GgufBytes(1, fileType is null ? 1u : 2u).Pair("general.architecture", "llama");
        if (fileType is { } told)
            header.Pair("general.file_type", told);
        header.Tensor((uint)type, 0, 256, 256).WriteTo(Model);
        Assert.Equal(expected, GgufHeader.Read(Model).Quantization);
    }

    [Theory]
    [InlineData("{%- if tools %}x{%- endif %}", true)]
    [InlineData("{% for tool in tools %}", true)]
    [InlineData("{{ .Tools }}", true)]
    [InlineData("{%- if custom_tools is defined %}{{ 'tools' }}{%- endif %} tools {# tools #}", false)]
    [InlineData("{{ messages[\"to\\\"ols\"] }}", false)]
    [InlineData("{{ 'unclosed tools", false)]
    [InlineData("{", false)]
    [InlineData(null, null)]
    public void A_template_takes_tools_when_an_expression_uses_them(string? template, bool? takes) => Assert.Equal(takes, TemplateTools.Takes(template));

    // (2 x 64 x 64 + 2 x 64 x 32 + 2 x 64 + 3 x 64 x 96) x 2 layers, 2 x 512 x 64 in front and behind, and a norm of 64.
    [Theory]
    [InlineData("llama", 127_296, 2)]
    public void The_facts_of_a_random_model_are_those_that_it_was_written_with(string architecture, long parameters, int layers)
    {
        RandomModel.Write(Model, new RandomShape(2, 64, 2, 1, 96, 512), TensorType.F16, architecture: RandomArchitecture.Named(architecture));
        var shape = GgufHeader.Read(Model).Shape;
        Assert.Equal((architecture, parameters, layers, 64, 96, 2, 1, 32, 512), (shape.Architecture, shape.Parameters, shape.Layers, shape.EmbeddingLength, shape.FeedForwardLength, shape.Heads, shape.KvHeads, shape.KeyLength, shape.Vocabulary));
        Assert.Equal((parameters, "2x(32+32)", 512 * 64 * 2), (shape.ActiveParameters, Text(shape.Cache), shape.TableBytes));
    }

    public void Dispose() => home.Dispose();

    private static (string, object)[] Hybrid => Small(new[] { 0, 4, 0, 0, 4, 0, 0, 0 });

    private static (string, object)[] Small(object kvHeads) =>
        [("block_count", 8), ("embedding_length", 256), ("feed_forward_length", 96), ("attention.head_count", 8), ("attention.head_count_kv", kvHeads)];

    private static (string, object)[] Mamba(int inner, int groups) =>
        [("ssm.conv_kernel", 4), ("ssm.inner_size", inner), ("ssm.state_size", 128), ("ssm.time_step_rank", 8), ("ssm.group_count", groups)];

    private static int[] Every(int layers, int count, params int[] where) => [.. Enumerable.Range(0, layers).Select(layer => where.Contains(layer) ? count : 0)];

    private static string? Text(IReadOnlyList<LayerCache>? cache) =>
        cache is null ? null : string.Join(" ", cache.Select(kind => $"{kind.Layers}x({kind.KeyElements}+{kind.ValueElements}){(kind.Window is { } window ? $"/{window}" : "")}"));

    private ModelShape Shape(string architecture, (string Key, object Value)[] keys)
    {
        GgufBytes.Describing([("general.architecture", architecture), .. keys.Select(pair => ($"{architecture}.{pair.Key}", pair.Value))]).WriteTo(Model);
        return GgufHeader.Read(Model).Shape;
    }

    private ModelShape Qwen3Moe(uint type)
    {
        (string Name, ulong[] Dimensions)[] layer =
        [
            ("attn_norm.weight", [2048]), ("ffn_norm.weight", [2048]), ("attn_q.weight", [2048, 4096]), ("attn_k.weight", [2048, 512]), ("attn_v.weight", [2048, 512]), ("attn_output.weight", [4096, 2048]),
            ("attn_norms.weight", [256]), ("ffn_gate_inp.weight", [2048, 128]),
            ("ffn_gate_exps.weight", [2048, 768, 128]), ("ffn_up_exps.weight", [2048, 768, 128]), ("ffn_down_exps.weight", [768, 2048, 128]),
        ];
        (string Name, ulong[] Dimensions)[] all =
        [
            ("token_embd.weight", [2048, 151_936]), ("output.weight", [2048, 151_936]), ("output_norm.weight", [2048]),
            .. Enumerable.Range(0, 48).SelectMany(number => layer.Select(part => ($"blk.{number}.{part.Name}", part.Dimensions))),
        ];
        var header = new GgufBytes((ulong)all.Length, 5).Pair("general.architecture", "qwen3moe").Pair("qwen3moe.block_count", 48).Pair("qwen3moe.expert_feed_forward_length", 768).Pair("qwen3moe.expert_count", 128).Pair("qwen3moe.expert_used_count", 8);
        foreach (var (name, dimensions) in all)
        {
            header.Text(name).UInt32((uint)dimensions.Length);
            foreach (var dimension in dimensions)
                header.UInt64(dimension);
            header.UInt32(type).UInt64(0);
        }
        header.WriteTo(Model);
        return GgufHeader.Read(Model).Shape;
    }
}
