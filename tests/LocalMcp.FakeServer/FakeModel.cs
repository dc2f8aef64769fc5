using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>A model that the server lists.</summary>
/// <param name="Name">As listed. Ollama adds <c>:latest</c> where a tag is missing.</param>
/// <param name="SizeBytes">Size of the weights.</param>
/// <param name="Quantization">As LM Studio and Ollama name it.</param>
/// <param name="ContextLength">The context the model was trained for.</param>
/// <param name="Loaded">Whether it is in memory when the server starts; a chat loads it, too.</param>
/// <param name="RemoteHost">Ollama: the host that really runs it; null means this machine.</param>
/// <param name="CanThink">Ollama: whether the capability <c>thinking</c> is there.</param>
/// <param name="CanChat">False for an embedding model.</param>
public sealed record FakeModel(
    string Name,
    long SizeBytes = 8_988_124_069,
    string Quantization = "Q4_K_M",
    int ContextLength = 32_768,
    bool Loaded = false,
    string? RemoteHost = null,
    bool CanThink = false,
    bool CanChat = true)
{
    public static FakeModel Default { get; } = new("scripted-plain", Loaded: true);

    public string Architecture { get; init; } = "llama";

    public long ParameterCount { get; init; } = 14_770_033_664;

    public string ParameterSize { get; init; } = "14.8B";

    public bool Vision { get; init; }

    /// <summary>Whether the server says that it can call tools: Ollama and LM Studio among its capabilities, llama-server in /props.</summary>
    public bool Tools { get; init; }

    /// <summary>The context it is served with unless a request asks otherwise; null: 4,096 on Ollama, all of it elsewhere.</summary>
    public int? ServedContext { get; init; }

    /// <summary>Ollama: the share of a loaded model that <c>size_vram</c> reports, 0 to 1.</summary>
    public double GpuShare { get; init; } = 1;

    /// <summary>Ollama: keys of <c>model_info</c> that replace or join the default ones.</summary>
    public IReadOnlyDictionary<string, JsonNode?>? ModelInfo { get; init; }

    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)));

    internal int Served(ServerKind kind) => ServedContext ?? (kind == ServerKind.Ollama ? Math.Min(4096, ContextLength) : ContextLength);
}
