using System.Text.Json.Serialization;

namespace LocalMcp.LlamaSharpEngine.Server;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(PropsReply))]
[JsonSerializable(typeof(ModelsReply))]
[JsonSerializable(typeof(ChatBody))]
[JsonSerializable(typeof(ChatReply))]
internal sealed partial class EngineJson : JsonSerializerContext;
