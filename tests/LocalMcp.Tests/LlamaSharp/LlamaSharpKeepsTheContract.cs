using LocalMcp.Tests.Contract;
using LocalMcp.Tests.Keeper;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>The contract through the second engine: the caller that drives llama-server drives it too.</summary>
public sealed class LlamaSharpKeepsTheContract : EngineKeepsTheContract
{
    private protected override EngineHome Home() => new EngineHome().WithSettings($$"""{ "engine_program": "{{LlamaSharpEngine.Program}}" }""");
}
