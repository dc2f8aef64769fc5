using System.Runtime.InteropServices;
using System.Text;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Cli;

/// <summary>What the engine is started with.</summary>
internal sealed record EngineOptions
{
    // sun_path holds 104 bytes on macOS, with the zero at its end.
    private const int LongestSocketPath = 103;

    public string Model { get; init; } = "";

    public string Alias { get; init; } = "";

    /// <summary>Absolute path of the Unix socket.</summary>
    public string Socket { get; init; } = "";

    /// <summary>Tokens over all slots together; 0 is what the model was trained with.</summary>
    public int ContextSize { get; init; }

    public int Parallel { get; init; } = 1;

    // Two threads on one core are slower than one, and processors other than ARM's mostly count each core twice.
    public int Threads { get; init; } = Math.Max(1, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Environment.ProcessorCount - 1 : Environment.ProcessorCount / 2);

    public int GpuLayers { get; init; } = int.MaxValue;

    /// <summary>The most tokens that go to llama.cpp at once; more would end the process.</summary>
    public int BatchSize { get; init; } = 512;

    public GGMLType KeyType { get; init; } = GGMLType.GGML_TYPE_F16;

    public GGMLType ValueType { get; init; } = GGMLType.GGML_TYPE_F16;

    /// <summary>Null leaves it to llama.cpp.</summary>
    public bool? FlashAttention { get; init; }

    /// <exception cref="WrongArgumentsException">The command line cannot be followed.</exception>
    public static EngineOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = EngineFlags.Apply(new EngineOptions(), arguments);
        if (options.Model.Length == 0)
            throw new WrongArgumentsException("error: --model is missing. Name the GGUF file to load.");
        if (!Path.IsPathRooted(options.Socket))
            throw new WrongArgumentsException("error: --host is the absolute path of a Unix socket, such as /run/user/1000/engine/engine.sock. This engine listens on nothing else.");
        if (Encoding.UTF8.GetByteCount(options.Socket) > LongestSocketPath)
            throw new WrongArgumentsException($"error: {options.Socket} is too long for a Unix socket, whose path holds {LongestSocketPath} bytes. Choose a shorter folder.");
        if (options.ValueType != GGMLType.GGML_TYPE_F16 && options.ValueType != GGMLType.GGML_TYPE_F32 && options.FlashAttention == false)
            throw new WrongArgumentsException("error: --cache-type-v other than f16 and f32 needs flash attention. Leave --flash-attn off away.");
        return options with
        {
            Alias = options.Alias.Length > 0 ? options.Alias : Path.GetFileNameWithoutExtension(options.Model),
            // Every slot needs room for one token in the same batch.
            BatchSize = Math.Max(options.BatchSize, options.Parallel),
        };
    }
}
