using System.Text.RegularExpressions;
using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Reasoning;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>What the client reads of models that reason: the built program over its standard input and output.</summary>
public sealed partial class ReasoningTests : IDisposable
{
    private readonly TemporaryHome home = new();

    /// <summary>What a model says, in the template in which it says so. The answer is always the same.</summary>
    public static TheoryData<string, string> Scripts => new()
    {
        { "plain", "<think>\nThe user wants a greeting.\n</think>\n\nHello from the model." },
        { "plain", "The user wants a greeting.\n</think>\n\nHello from the model." },
        { "plain", "<thinking>Greet `</thinking>` them.</thinking>\nHello from the model." },
        { "plain", "[THINK]The user wants a greeting.[/THINK]Hello from the model." },
        { "plain", "<|channel|>analysis<|message|>The user wants a greeting.<|end|><|start|>assistant<|channel|>final<|message|>Hello from the model." },
        { "plain", "<|channel>thought\nThe user wants a greeting.<channel|>Hello from the model." },
        { "plain", "Here is my thought process: the user wants a greeting. Here is my response: Hello from the model." },
        { "plain", "Thinking Process:\n\n1.  **Analyze the Request:** a greeting.\n2.  **Draft:** a short one.\n\nHello from the model." },
        { "think", "The user wants a greeting.\n</think>\n\nHello from the model." },
        { "qwen3", "<think>\nThe user wants a greeting.\n</think>\n\nHello from the model." },
    };

    [Fact]
    public async Task Chat_returns_the_answer_of_every_form_and_nothing_else()
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await ServerSession.StartAsync(home, "2026-07-28", null, ("LOCAL_MCP_URL", server.BaseUrl));
        foreach (var one in ReasoningCases.All.Where(c => !c.Live && c.CanThink is null && c.Whole.Length > 0 && !HasHalfCharacters(c.Whole)))
        {
            server.Options = new FakeOptions
            {
                Chunks = [.. Regex.Matches(one.Whole, @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]){1,4}").Select(piece => piece.Value)],
                Reasoning = one.Field,
                ReasoningForm = ReasoningForm.ReasoningContent,
                FinishReason = one.Cut ? "length" : "stop",
            };
            var (text, isError) = await session.CallAsync("chat", new { prompt = one.Prompt });
            if (one.Text.Trim().Length == 0)
                Assert.Matches("reasoning, with no answer|answered with nothing", Assert.IsType<string>(isError ? text : null));
            else
                Assert.Equal(one.Text, Footer().Replace(text, ""));
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Chat_returns_the_answer_of_a_model_that_the_engine_runs(string template, string script)
    {
        Directory.CreateDirectory(home.ModelFolder);
        var text = template switch { "think" => ChatTemplates.Think, "qwen3" => ChatTemplates.Qwen3, _ => ChatTemplates.Plain };
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "thinker.gguf"), new Script(script) { ChatTemplate = text });
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url()), ("TMPDIR", home.Folder));
        var plain = await session.TextAsync("chat", new { prompt = "hi" });
        Assert.StartsWith("Hello from the model.\n\n— thinker (engine)", plain, StringComparison.Ordinal);
        Assert.Equal(template == "plain", plain.Contains("reasoning", StringComparison.Ordinal));
        Assert.Matches(@"^Hello from the model\.\n\n— thinker \(engine\) .* about \d+ reasoning tokens removed$", await session.TextAsync("chat", new { prompt = "hi", think = true }));
    }

    [Fact]
    public async Task A_budget_that_goes_on_reasoning_is_an_error_that_says_what_to_raise()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "<think>one two three four five six</think>Hello." });
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Equal(
            "scripted-plain (openai) used up its whole budget of 4 tokens on reasoning, with no answer. Raise max_tokens (now 4), or choose a model that reasons less with set_model.",
            await session.ErrorAsync("chat", new { prompt = "hi", max_tokens = 4 }));
        Assert.EndsWith("Raise max_tokens (now 4), or leave think off.", await session.ErrorAsync("chat", new { prompt = "hi", max_tokens = 4, think = true }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_goes_round_in_circles_is_stopped_and_kept()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "I will now write the test. ", Endless = true, HoldAfterChunks = 2_500 });
        // The server waits there: one that goes on writing may have sent all before it sees that nobody reads any more.
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("LOCAL_MCP_URL", server.BaseUrl));
        var text = await session.ErrorAsync("chat", new { prompt = "hi" });
        Assert.StartsWith("I will now write the test.", text, StringComparison.Ordinal);
        Assert.Contains("went round in circles: the same 27 characters", text, StringComparison.Ordinal);
        Assert.Contains("INCOMPLETE", text, StringComparison.Ordinal);
        Assert.True((await server.WaitForAbortAsync(TestContext.Current.CancellationToken)).Aborted);
    }

    [Theory]
    [InlineData("I am sorry. ", "FAIL the answer goes round in circles: the same 12 characters ")]
    [InlineData("Round and round it goes, where it stops nobody knows, not even the model that says it. ", "FAIL the answer ")]
    public async Task The_quick_test_does_not_pass_a_model_that_repeats_itself(string block, string verdict)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = block, Endless = true });
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.StartsWith(verdict, (await session.ErrorAsync("quick_test")).Split('\n')[^1], StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private static bool HasHalfCharacters(string text) => text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD);

    [GeneratedRegex(@"\n\n— scripted-plain \(openai\) · .*$")]
    private static partial Regex Footer();
}
