using System.Globalization;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Cli;

/// <summary>The flags, named as llama-server names them, so that one caller can drive both.</summary>
internal static class EngineFlags
{
    private static readonly Dictionary<string, GGMLType> CacheTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["f32"] = GGMLType.GGML_TYPE_F32,
        ["f16"] = GGMLType.GGML_TYPE_F16,
        ["q8_0"] = GGMLType.GGML_TYPE_Q8_0,
        ["q5_1"] = GGMLType.GGML_TYPE_Q5_1,
        ["q5_0"] = GGMLType.GGML_TYPE_Q5_0,
        ["q4_1"] = GGMLType.GGML_TYPE_Q4_1,
        ["q4_0"] = GGMLType.GGML_TYPE_Q4_0,
    };

    private static readonly Flag[] All =
    [
        new("--model", "PATH", "the GGUF file to load", (options, value) => options with { Model = value }),
        new("--alias", "NAME", "the model's name in answers (default: the file's name)", (options, value) => options with { Alias = value }),
        new("--host", "PATH", "the Unix socket to listen on, an absolute path", (options, value) => options with { Socket = value }),
        new("--ctx-size", "N", "tokens of context over all slots together (default: 0, what the model was trained with)", (options, value) => options with { ContextSize = Number("--ctx-size", value, 0) }),
        new("--parallel", "N", "slots, each with an equal part of the context (default: 1)", (options, value) => options with { Parallel = Number("--parallel", value, 1, 64) }),
        new("--threads", "N", "threads that compute (default: half of the processors, on ARM all but one)", (options, value) => options with { Threads = Number("--threads", value, 1, 512) }),
        new("--gpu-layers", "N", "layers for the GPU: a number, all or auto (default: auto, which is all)", (options, value) => options with { GpuLayers = Layers(value) }),
        new("--batch-size", "N", "tokens of prompts that are read in one go (default: 512)", (options, value) => options with { BatchSize = Number("--batch-size", value, 1, 65536) }),
        new("--cache-type-k", "TYPE", $"numbers of the KV cache's keys: {string.Join(", ", CacheTypes.Keys)} (default: f16)", (options, value) => options with { KeyType = CacheType("--cache-type-k", value) }),
        new("--cache-type-v", "TYPE", "the same for its values (default: f16); other than f16 needs flash attention", (options, value) => options with { ValueType = CacheType("--cache-type-v", value) }),
        new("--flash-attn", "MODE", "on, off or auto (default: auto)", (options, value) => options with { FlashAttention = OnOff(value) }),
    ];

    /// <summary>One flag a line, first thing on it: callers read from this what the program can do.</summary>
    public static string Help { get; } = string.Join('\n',
    [
        .. All.Select(flag => $"{flag.Name + " " + flag.Value,-26}{flag.Meaning}"),
        $"{"--list-devices",-26}what LLamaSharp can compute on",
        $"{"--version",-26}versions of LLamaSharp and of this program",
        $"{"--help",-26}this text",
    ]);

    /// <exception cref="WrongArgumentsException">A flag is unknown, or its value is missing or wrong.</exception>
    public static EngineOptions Apply(EngineOptions options, IReadOnlyList<string> arguments)
    {
        for (var at = 0; at < arguments.Count; at += 2)
        {
            var flag = All.FirstOrDefault(known => known.Name == arguments[at])
                ?? throw new WrongArgumentsException($"error: there is no flag {arguments[at]}. --help lists those that there are.");
            if (at + 1 == arguments.Count)
                throw new WrongArgumentsException($"error: {flag.Name} needs a value: {flag.Meaning}.");
            options = flag.Set(options, arguments[at + 1]);
        }
        return options;
    }

    private static int Number(string flag, string value, int least, int most = int.MaxValue) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new WrongArgumentsException($"error: {flag} takes a whole number from {least}{(most == int.MaxValue ? "" : $" to {most}")}, not {value}.");

    private static int Layers(string value) => value is "all" or "auto" ? int.MaxValue : Number("--gpu-layers", value, 0);

    private static GGMLType CacheType(string flag, string value) => CacheTypes.TryGetValue(value, out var type)
        ? type
        : throw new WrongArgumentsException($"error: {flag} is one of {string.Join(", ", CacheTypes.Keys)}, not {value}.");

    private static bool? OnOff(string value) => value switch
    {
        "on" => true,
        "off" => false,
        "auto" => null,
        _ => throw new WrongArgumentsException($"error: --flash-attn is on, off or auto, not {value}."),
    };

    private sealed record Flag(string Name, string Value, string Meaning, Func<EngineOptions, string, EngineOptions> Set);
}
