using System.Net.Sockets;
using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Keeper.Door;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>The engine's model over HTTP on 127.0.0.1: a real keeper, a real llama-server, raw sockets.</summary>
public sealed class EngineDoorTests : IDisposable
{
    private readonly EngineHome home = new();

    [Fact]
    public async Task Messages_and_chat_completions_are_answered_by_the_model_and_tokens_are_counted()
    {
        home.Says("one", "I am one.");
        await using var door = await OpenAsync("one");
        Assert.Equal(("127.0.0.1", 4096, "llama-server"), (door.Url.Host, door.Context, door.Engine));
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/messages?beta=true", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}]}"""), StringComparison.Ordinal);
        Assert.Matches("\"input_tokens\": ?[1-9]", await DoorClient.PostAsync(door, "/v1/messages/count_tokens", DoorClient.Message(stream: false)));
        Assert.Contains("\"id\":\"one\"", await DoorClient.GetAsync(door, "/v1/models"), StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private async Task<OpenDoor> OpenAsync(string model, int leastContext = 0, bool stays = false, List<string>? told = null) =>
        await Doors.OpenAsync(Model(model), new DoorWish(leastContext, stays), told is null ? null : new Told(told.Add), TestContext.Current.CancellationToken);

    private EngineDoor Doors => new(home.Link, TimeProvider.System);

    private WantedModel Model(string name) => new(name, home.Model(name), File.GetLastWriteTimeUtc(home.Model(name)).Ticks) { SizeBytes = new FileInfo(home.Model(name)).Length };

    private sealed class Told(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
