using System.Diagnostics;
using System.Text.RegularExpressions;
using LocalMcp.TestModels;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>The program around the answers: its flags, its start, its facts, its refusals and its end.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Help_begins_every_line_with_a_flag()
    {
        var (code, output, _) = await LlamaSharpEngine.SaysAsync("--help");
        Assert.Equal(0, code);
        Assert.All(output.TrimEnd().Split('\n'), line => Assert.Matches("^--[a-z-]+ ", line));
        Assert.All(["--model", "--alias", "--host", "--ctx-size", "--parallel", "--threads", "--gpu-layers", "--batch-size"], flag => Assert.Matches($"(?m)^{flag} ", output));
    }

    [Fact]
    public async Task Version_is_one_line_with_both_versions()
    {
        var (code, output, _) = await LlamaSharpEngine.SaysAsync("--version");
        Assert.Equal(0, code);
        Assert.Matches(@"\ALLamaSharp \d+\.\d+\.\d+ \(local-mcp-llamasharp \d+\.\d+\.\d+\)\n\z", output);
    }

    [Fact]
    public async Task Lists_its_devices()
    {
        var (code, output, _) = await LlamaSharpEngine.SaysAsync("--list-devices");
        Assert.Equal(0, code);
        Assert.StartsWith("Available devices:\n  ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no flag --no-such-flag", "--no-such-flag")]
    [InlineData("--parallel needs a value", "--parallel")]
    [InlineData("--parallel takes a whole number from 1", "--parallel", "none")]
    [InlineData("--model is missing", "--host", "/tmp/engine.sock")]
    [InlineData("absolute path of a Unix socket", "--model", "model.gguf")]
    [InlineData("--flash-attn is on, off or auto", "--flash-attn", "perhaps")]
    public async Task Wrong_arguments_end_with_2_and_a_sentence(string words, params string[] arguments)
    {
        var (code, output, errors) = await LlamaSharpEngine.SaysAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Matches(words, errors);
    }

    [Fact]
    public async Task Says_that_it_is_loading_while_it_is()
    {
        // A pipe without a writer: the model is never read.
        await using var engine = LlamaSharpEngine.Start(MakePipe);
        var (status, body) = await engine.FirstAsync("health");
        Assert.Equal(503, status);
        Assert.Equal(("Loading model", "unavailable_error", 503), ((string?)body["error"]!["message"], (string?)body["error"]!["type"], (int)body["error"]!["code"]!));
        Assert.InRange((double)body["progress"]!, 0, 1);
        Assert.Equal(503, (await engine.GetAsync("props")).Status);
        Assert.Equal(503, (await engine.PostAsync("{}")).Status);
    }

    [Fact]
    public async Task Says_that_it_is_ready_and_what_it_serves()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync("Hello there.", "--alias", "greeter", "--ctx-size", "4096", "--parallel", "4");
        Assert.Equal("ok", (string?)(await engine.GetAsync("health")).Body["status"]);
        var props = (await engine.GetAsync("props")).Body;
        Assert.Equal((1024, 4, "greeter"), ((int)props["default_generation_settings"]!["n_ctx"]!, (int)props["total_slots"]!, (string?)props["model_alias"]));
        Assert.Equal(ChatTemplates.Plain, (string?)props["chat_template"]);
        Assert.StartsWith("LLamaSharp ", (string?)props["build_info"], StringComparison.Ordinal);
        Assert.Empty(props["warnings"]!.AsArray());
        var model = (await engine.GetAsync("v1/models")).Body["data"]![0]!;
        Assert.Equal(("greeter", "llamacpp", 1024, 4096), ((string?)model["id"], (string?)model["owned_by"], (int)model["meta"]!["n_ctx"]!, (int)model["meta"]!["n_ctx_train"]!));
        Assert.True((long)model["meta"]!["size"]! > 0 && (long)model["meta"]!["n_params"]! > 0);
    }

    [Fact]
    public async Task A_prompt_over_the_context_is_refused_with_both_numbers()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync("Hello there.", "--ctx-size", "512", "--parallel", "2");
        var answer = await engine.AskAsync(new string('x', 1000));
        var tokens = (int)answer.Error["n_prompt_tokens"]!;
        Assert.Equal((400, "exceed_context_size_error", 256), (answer.Status, (string?)answer.Error["type"], (int)answer.Error["n_ctx"]!));
        Assert.InRange(tokens, 1000, 1100);
        Assert.Equal($"request ({tokens} tokens) exceeds the available context size (256 tokens), try increasing it", (string?)answer.Error["message"]);
        Assert.Equal("Hello there.", (await engine.AskAsync("hello")).Text);
    }

    [Theory]
    [InlineData("no JSON", "not a chat request")]
    [InlineData("null", "body is null")]
    [InlineData("{}", "no messages")]
    [InlineData("""{"messages":[]}""", "no messages")]
    [InlineData("""{"messages":[{"content":"hello"}]}""", "no role")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "no text")]
    [InlineData("""{"messages":"hello"}""", "not a chat request")]
    public async Task A_request_that_is_none_is_refused_in_words(string body, string words)
    {
        await using var engine = await LlamaSharpEngine.SayingAsync("Hello there.");
        var (status, reply) = await engine.PostAsync(body);
        Assert.Equal((400, "invalid_request_error"), (status, (string?)reply["error"]!["type"]));
        Assert.Contains(words, (string?)reply["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_ends_it_with_words()
    {
        await using var engine = LlamaSharpEngine.Start(path => File.WriteAllText(path, "GGUF, but not really"));
        var (code, errors) = await engine.EndAsync();
        Assert.Equal(1, code);
        Assert.Matches(new Regex("^error: .*model\\.gguf could not be loaded: .* Check that it is a whole GGUF model", RegexOptions.Multiline), errors);
    }

    [Fact]
    public async Task Half_a_model_ends_it_with_words()
    {
        await using var engine = LlamaSharpEngine.Start(path =>
        {
            RandomModel.Write(path, RandomShape.Named("10M"));
            using var file = File.OpenWrite(path);
            file.SetLength(file.Length / 2);
        });
        var (code, errors) = await engine.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("could not be loaded", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_ends_it_in_the_middle_of_an_answer()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(new Script("tick tock tack ") { Endless = true, ContextLength = 131_072 }, "--ctx-size", "131072");
        await using var answer = engine.FollowAsync("hello").GetAsyncEnumerator();
        while (answer.Current?.Said() is not { Length: > 0 })
            Assert.True(await answer.MoveNextAsync());
        engine.Signal();
        Assert.Equal(0, (await engine.EndAsync()).Code);
    }

    private static void MakePipe(string path)
    {
        using var mkfifo = Process.Start("mkfifo", path);
        mkfifo.WaitForExit();
    }
}
