using LocalMcp.TestModels;
using LocalMcp.Tests.Contract;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>The contract through the second engine with scripted models: the caller that drives llama-server drives it too.</summary>
public sealed class LlamaSharpKeepsTheContract : BackendContract
{
    private protected override Task<Stage> SetUpAsync()
    {
        var home = new TemporaryHome();
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "plain.gguf"), new Script(Text));
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "endless.gguf"), new Script("tick tock tack ") { Endless = true, ContextLength = 131_072 });
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "thinker.gguf"), new Script($"<think>{Thoughts}</think>\n\n{Text}"));
        home.WithSettings($$"""{ "engine_program": "{{LlamaSharpEngine.Program}}" }""");
        var house = new House(home, null, ("LOCAL_MCP_URL", ClosedPort.Url()));
        return Task.FromResult(new Stage(house, "engine", "plain", "endless", "thinker", () => Task.CompletedTask, () => house.FailureAsync(new string('x', 50_000), "plain"), TearDown));

        ValueTask TearDown()
        {
            home.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
