using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Contract;

/// <summary>The contract through a server that is a program of its own on a real socket.</summary>
public abstract class FakeServerContract(ServerKind kind, string backend) : BackendContract
{
    private protected override async Task<Stage> SetUpAsync()
    {
        var tag = kind == ServerKind.Ollama ? ":latest" : "";
        var server = await FakeModelServer.StartAsync(Options());
        var house = House.With(server.BaseUrl);
        return new Stage(house, backend, "plain" + tag, "endless" + tag, "thinker" + tag, UpstreamHasStoppedAsync, AskTooMuchAsync, server.DisposeAsync);

        Task UpstreamHasStoppedAsync()
        {
            server.Options = Options();
            return server.WaitForAbortAsync(TestContext.Current.CancellationToken);
        }

        Task<string> AskTooMuchAsync()
        {
            server.Options = Options() with { ExceedsContext = true };
            return house.FailureAsync(new string('x', 5_000_000), "plain");
        }
    }

    private protected override string OverflowWords => kind is ServerKind.OpenAi or ServerKind.LmStudio ? @"127\.0\.0\.1:\d+ .*"".*context.*""" : base.OverflowWords;

    private FakeOptions Options() => new()
    {
        Kind = kind,
        // Only the endless answer comes this far. Writes to a client that has left are silent, and the rest of it could be over before the server notices.
        HoldAfterChunks = 1_000,
        Models = [new FakeModel("plain"), new FakeModel("endless"), new FakeModel("thinker", CanThink: true)],
        Answer = Text,
        AnswerTo = (model, _) => model.StartsWith("endless", StringComparison.Ordinal) ? string.Concat(Enumerable.Repeat("tick tock ", 50_000)) : model.StartsWith("thinker", StringComparison.Ordinal) ? $"<think>{Thoughts}</think>\n\n{Text}" : Text,
    };
}

public sealed class OllamaKeepsTheContract() : FakeServerContract(ServerKind.Ollama, "ollama");

public sealed class OpenAiKeepsTheContract() : FakeServerContract(ServerKind.OpenAi, "openai");

public sealed class LlamaServerKeepsTheContract() : FakeServerContract(ServerKind.LlamaServer, "llama-server");

public sealed class LmStudioKeepsTheContract() : FakeServerContract(ServerKind.LmStudio, "lmstudio");
