using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Contract;

/// <summary>The contract through a real llama-server with scripted models.</summary>
public sealed class EngineKeepsTheContract : BackendContract
{
    private protected override Task<Stage> SetUpAsync()
    {
        var home = new TemporaryHome();
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "plain.gguf"), new Script(Text));
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "endless.gguf"), new Script("tick tock tack ") { Endless = true, ContextLength = 131_072 });
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "thinker.gguf"), new Script($"<think>{Thoughts}</think>\n\n{Text}"));
        var house = new House(home, null, ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url()));
        return Task.FromResult(new Stage(house, "engine", "plain", "endless", "thinker", () => Task.CompletedTask, () => house.FailureAsync(new string('x', 50_000), "plain"), TearDown));

        ValueTask TearDown()
        {
            home.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
