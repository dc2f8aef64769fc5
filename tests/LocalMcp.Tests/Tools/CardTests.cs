using System.Text.Json;
using System.Text.Json.Nodes;
using LocalMcp.Tests.Support;
using LocalMcp.Tools;
using ModelContextProtocol;

namespace LocalMcp.Tests.Tools;

/// <summary>
/// The server tells of its tools from a file, and runs their methods: the two must say the same. After a change of a method or its
/// attributes, run these tests with UPDATE_SNAPSHOTS=1 and commit the file.
/// </summary>
public sealed class CardTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_file_of_cards_says_what_the_methods_say()
    {
        var seen = Cards(Toolbox.Made(Nothing).Select(tool => tool.ProtocolTool), Toolbox.SwitchModel(Nothing).ProtocolPrompt).ToJsonString(Readable) + "\n";
        var file = Path.Combine(Repository.Root, "src", "LocalMcp", "Tools", "cards.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, seen, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), seen);
    }

    [Fact]
    public void Nothing_of_a_card_is_lost_on_the_way_to_a_client()
    {
        var told = Cards(Toolbox.Tools(Nothing).OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal).Select(tool => tool.ProtocolTool), Assert.Single(Toolbox.Prompts(Nothing)).ProtocolPrompt);
        var made = Cards(Toolbox.Made(Nothing).OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal).Select(tool => tool.ProtocolTool), Toolbox.SwitchModel(Nothing).ProtocolPrompt);
        Assert.Equal(made.ToJsonString(Readable), told.ToJsonString(Readable));
    }

    // Only a call needs them.
    private static IServiceProvider Nothing() => throw new InvalidOperationException("A card was made with services.");

    private static JsonObject Cards(IEnumerable<ModelContextProtocol.Protocol.Tool> tools, ModelContextProtocol.Protocol.Prompt prompt) => new()
    {
        ["tools"] = new JsonArray([.. tools.Select(Node)]),
        ["prompt"] = Node(prompt),
    };

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)));
}
