using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>A real llama-server that cannot load, dies, or is asked for another model.</summary>
public sealed class EngineFaultTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public EngineFaultTests() => Directory.CreateDirectory(home.ModelFolder);

    [Fact]
    public async Task A_file_that_the_engine_does_not_take_is_an_error_with_its_own_words()
    {
        WriteOfAnUnheardKind(Model("odd"));
        await using var house = House();
        var failure = await house.FailureAsync("hi", "odd");
        Assert.Contains("The engine (llama-server) could not load odd: it said \"", failure, StringComparison.Ordinal);
        Assert.Contains("choose another model with set_model", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_is_refused_before_the_engine_sees_it()
    {
        await File.WriteAllTextAsync(Model("broken"), "GGUF and then nothing of use", TestContext.Current.CancellationToken);
        await using var house = House();
        const string refusal = "\"broken\" (engine) is broken and is never loaded: GGUF version ";
        Assert.StartsWith(refusal, await house.FailureAsync("hi", "broken"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.KeeperFolder) && Directory.GetDirectories(home.KeeperFolder, "engine-*").Length > 0);
        var use = await Verb.RunAsync(home, [("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url())], "use", "broken");
        Assert.Contains(refusal, use.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    [Fact]
    public async Task Another_model_replaces_the_resident_one()
    {
        ScriptedModel.Write(Model("one"), new Script("I am one."));
        ScriptedModel.Write(Model("two"), new Script("I am two."));
        await using var house = House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        var (two, one) = (house.AskAsync("hi", "two"), house.AskAsync("hi", "one"));
        Assert.Equal(("I am two.", "I am one."), ((await two).Text, (await one).Text));
        Assert.Single(Directory.GetDirectories(home.KeeperFolder, "engine-*"));
    }

    [Fact]
    public async Task Without_the_program_the_models_are_not_offered_and_the_reason_says_how_to_get_it()
    {
        ScriptedModel.Write(Model("one"), new Script("I am one."));
        await using var house = new House(home, null, ("PATH", "/nonexistent"), ("LOCAL_MCP_URL", ClosedPort.Url()));
        Assert.SkipWhen(File.Exists("/opt/homebrew/bin/llama-server") || File.Exists("/usr/local/bin/llama-server"), "Homebrew's llama-server is found whatever PATH says.");
        Assert.Contains("no llama-server program on PATH", await house.FailureAsync("hi"), StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private House House() => new(home, null, ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url()));

    private static void WriteOfAnUnheardKind(string path)
    {
        using var gguf = new GgufWriter();
        gguf.Add("general.architecture", "unheard-of");
        gguf.Add(new GgufTensor("token_embd.weight", TensorType.F32, [64], output => output.Write(new byte[256])));
        using var file = File.Create(path);
        gguf.WriteTo(file);
    }

    private string Model(string name) => Path.Combine(home.ModelFolder, name + ".gguf");
}
