using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Cli;

/// <summary>The verbs of the built program: what goes to standard output, what to standard error, and the exit code.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Fact]
    public async Task Chat_gives_the_answer_alone_on_standard_output()
    {
        await using var server = await FakeModelServer.StartAsync();
        var run = await RunAsync(server.BaseUrl, "chat", "hi");
        Assert.Equal((0, "Hello from the scripted model.\n"), (run.ExitCode, run.Output));
        Assert.StartsWith("— scripted-plain (openai) · ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_reads_the_prompt_from_standard_input_and_passes_its_options_on()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("a"), new FakeModel("b")] });
        var run = await Verb.WithInputAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "from a pipe", "chat", "-", "--model", "b", "--system", "brief", "--max-tokens", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("— b (openai) · 2 tokens · cut at max_tokens 2", run.Errors, StringComparison.Ordinal);
        var body = server.Requests.Single(r => r.Method == "POST").Json()!;
        Assert.Equal(["brief", "from a pipe"], body["messages"]!.AsArray().Select(m => (string)m!["content"]!));
    }

    [Fact]
    public async Task Chat_that_breaks_off_keeps_its_text_and_fails()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { DropAfterChunks = 2 });
        var run = await RunAsync(server.BaseUrl, "chat", "hi");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("Hello from", run.Output.Trim());
        Assert.Contains("closed the connection", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_passes_with_0_and_fails_with_1_and_the_next_step()
    {
        await using var server = await FakeModelServer.StartAsync();
        var good = await RunAsync(server.BaseUrl, "test", "hello");
        Assert.Equal((0, "PASS scripted-plain (openai) answers."), (good.ExitCode, good.Output.Trim().Split('\n')[^1]));
        var bad = await RunAsync(ClosedPort.Url(), "test");
        Assert.Equal(1, bad.ExitCode);
        Assert.StartsWith("FAIL no answer: ", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_and_use_work_on_one_list()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("a"), new FakeModel("b")] });
        var used = await RunAsync(server.BaseUrl, "use", "2");
        Assert.Equal(0, used.ExitCode);
        Assert.Matches(@"^The active model is now b \(openai\)\. None was chosen before\.\nPASS b \(openai\) answers: first token [\d.]+ s, .+\.\n$", used.Output);
        Assert.Contains("● 2  b ", (await RunAsync(server.BaseUrl, "models")).Output, StringComparison.Ordinal);
        var wrong = await RunAsync(server.BaseUrl, "use", "c");
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("No model matches \"c\". There are: 1 a (openai), 2 b (openai). Use `local-mcp use` with", wrong.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("no-such-verb")]
    [InlineData("chat")]
    [InlineData("chat", "hi", "--max-tokens", "-4")]
    [InlineData("use", "a", "b")]
    public async Task Wrong_usage_is_exit_code_2_and_nothing_on_standard_output(params string[] arguments)
    {
        var run = await Verb.RunAsync(home, [], arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--help", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_and_help_go_to_standard_output()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", (await Verb.RunAsync(home, [], "--version")).Output);
        var help = await Verb.RunAsync(home, [], "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.All(["serve", "chat", "test", "models", "use", "doctor"], verb => Assert.Contains($"  {verb}", help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sixteen_processes_that_switch_at_once_never_leave_an_empty_half_or_mixed_line()
    {
        string[] names = ["a", "a-much-longer-name-than-the-other-one-so-that-a-mixed-line-would-show"];
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [.. names.Select(name => new FakeModel(name))] });
        home.WithActive("openai/a");
        var allowed = names.Select(name => $"openai/{name}\n").ToHashSet();
        var writers = Enumerable.Range(0, 16).Select(i => RunAsync(server.BaseUrl, "use", names[i % 2])).ToList();
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted)
        {
            Assert.Contains(await File.ReadAllTextAsync(home.ActiveModelFile, TestContext.Current.CancellationToken), allowed);
            await Task.Yield();
        }
        Assert.All(await all, run => Assert.Equal((0, ""), (run.ExitCode, run.Errors)));
        Assert.Equal([home.ActiveModelFile], Directory.GetFiles(home.ConfigFolder));
    }

    public void Dispose() => home.Dispose();

    private Task<Verb> RunAsync(string url, params string[] arguments) => Verb.RunAsync(home, [("LOCAL_MCP_URL", url)], arguments);
}
