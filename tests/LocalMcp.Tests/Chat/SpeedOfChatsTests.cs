using LocalMcp.Chat;
using LocalMcp.FakeServer;
using LocalMcp.Machine;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Keeper;
using LocalMcp.Tests.Support;
using FinishReason = LocalMcp.Chat.FinishReason;

namespace LocalMcp.Tests.Chat;

/// <summary>What a chat says about the speed of its model, from the wire to the file.</summary>
public sealed class SpeedOfChatsTests
{
    private static readonly string Long = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"word{i}"));
    private static readonly string LongPrompt = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"question{i}"));

    [Fact]
    public async Task A_llama_server_says_how_fast_it_read_and_how_many_tokens()
    {
        // The fake gives each token of a prompt 1 ms, and each of an answer 20.
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Answer = Long });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync(LongPrompt);
        Assert.Equal((1000, 200, 50), (reply.Usage.PrefillTokensPerSecond, reply.Usage.PrefillTokens, reply.TokensPerSecond));
        Assert.Equal(new SpeedSample(50, 1000), reply.Sample);
        var kept = Speeds(house).Find(reply.Model, server.BaseUrl, Chip)!;
        Assert.Equal((50, 1000, 1), (kept.Decode, kept.Prefill, kept.Runs));
    }

    [Fact]
    public async Task Ollama_says_how_fast_it_read_only_when_the_model_was_loaded_for_the_chat()
    {
        // Recorded: this one took 264 ms to load, and the other one, 1.4 ms, may have had the prompt in its cache.
        await using var loaded = await ReplayAsync("chat-endless-length");
        await using var house = House.With(loaded.BaseUrl);
        var usage = (await house.AskAsync("hi", "scripted-endless", maxTokens: 6)).Usage;
        Assert.Equal(21, usage.PrefillTokens);
        Assert.Equal(21 / 0.002693, usage.PrefillTokensPerSecond!.Value, 3);
        await using var warm = await ReplayAsync("chat-plain-stream");
        await using var other = House.With(warm.BaseUrl);
        usage = (await other.AskAsync("hi", "scripted-plain")).Usage;
        Assert.Equal((21, null, null), (usage.PromptTokens, usage.PrefillTokens, usage.PrefillTokensPerSecond));
        Assert.Equal(6 / 0.423981, usage.TokensPerSecond!.Value, 3);
    }

    [Fact]
    public async Task A_server_without_timings_is_measured_by_our_own_clock()
    {
        var clock = new ManualClock();
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = Long });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        var reply = await house.AskAsync(LongPrompt, watch: _ => clock.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.InRange(reply.Sample!.Decode!.Value, 19, 20.01);
        Assert.Null(reply.Sample.Prefill);
        Assert.Equal(reply.TokensPerSecond!.Value, Speeds(house).Find(reply.Model, server.BaseUrl, Chip)!.Decode!.Value, 0.01);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public async Task Tokens_that_came_in_bundles_are_no_measurement(int bundles, bool isMeasured)
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var house = House.With(server.BaseUrl);
        var listing = await house.Directory.ListAsync(TestContext.Current.CancellationToken);
        var clock = new ManualClock();
        var fold = new ChatFold(new ChatRequest("hi"), clock);
        fold.Take(new ChatDelta.Routed(listing.Models[0], listing.Backends[listing.Models[0].Backend]));
        for (var i = 0; i < bundles; i++)
        {
            fold.Take(new ChatDelta.Text("twenty tokens "));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        fold.Take(new ChatDelta.Finish(FinishReason.Stop, new Usage(AnswerTokens: bundles * 20), null));
        Assert.Equal(isMeasured, fold.Whole().Sample is not null);
    }

    [Fact]
    public async Task A_short_answer_to_a_short_prompt_is_not_kept()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer });
        await using var house = House.With(server.BaseUrl);
        Assert.Null((await house.AskAsync("hi")).Sample);
        Assert.False(File.Exists(house.Home.Environment().SpeedsFile));
    }

    [Fact]
    public async Task A_part_of_an_answer_is_not_kept()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = Long, DropAfterChunks = 38 });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync(LongPrompt);
        Assert.NotNull(reply.Trouble);
        Assert.Null(reply.Sample);
        Assert.False(File.Exists(house.Home.Environment().SpeedsFile));
    }

    [Fact]
    public async Task What_another_model_answered_is_not_kept()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Answer = Long, AnsweredModel = "other" });
        await using var house = House.With(server.BaseUrl);
        Assert.Null((await house.AskAsync(LongPrompt)).Sample);
    }

    [Fact]
    public async Task Reasoning_counts_as_writing()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Reasoning = Long, Answer = "Yes." });
        await using var house = House.With(server.BaseUrl);
        Assert.Equal(50, (await house.AskAsync("hi", think: true)).Sample?.Decode);
    }

    [Fact]
    public async Task No_chat_fails_for_a_speed_that_cannot_be_kept()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Answer = Long });
        await using var house = House.With(server.BaseUrl);
        File.WriteAllText(Path.Combine(house.Home.Folder, ".local"), "a file where the folder should be");
        Assert.Equal(Long, (await house.AskAsync("hi")).Text);
    }

    [Theory]
    [InlineData("\"prompt_n\":\"many\",\"prompt_ms\":5")]
    [InlineData("\"prompt_n\":200,\"prompt_ms\":0")]
    [InlineData("\"prompt_n\":0,\"prompt_ms\":7.5")]
    [InlineData("\"prompt_n\":null,\"prompt_ms\":null")]
    [InlineData("\"cache_n\":200")]
    public void Timings_that_say_nothing_cost_nothing(string timings)
    {
        var chunk = LocalMcp.Backends.OpenAi.OpenAiWire.Parse($"{{\"choices\":[],\"timings\":{{{timings},\"predicted_per_second\":50}}}}")!;
        Assert.Equal(new Usage(10, 20, 50), chunk.Timings!.AddTo(new Usage(10, 20)));
    }

    [Fact]
    public async Task The_built_program_keeps_what_its_verbs_and_its_tools_measure()
    {
        using var home = new TemporaryHome();
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Answer = Long });
        (string, string)[] variables = [("LOCAL_MCP_URL", server.BaseUrl)];
        Assert.Equal(0, (await Verb.RunAsync(home, variables, "chat", LongPrompt)).ExitCode);
        Assert.Equal(1, Assert.Single(Kept(home)).Runs);
        Assert.Equal(0, (await Verb.RunAsync(home, variables, "test", "hello")).ExitCode);
        await using (var session = await ServerSession.StartAsync(home, "2025-11-25", null, variables))
            await session.TextAsync("chat", new { prompt = LongPrompt });
        var kept = Assert.Single(Kept(home));
        Assert.Equal((server.BaseUrl, 50, 1000, 3), (kept.Key.Where, kept.Decode, kept.Prefill, kept.Runs));
    }

    [Fact]
    public async Task Many_programs_at_once_leave_a_whole_file()
    {
        using var home = new TemporaryHome().WithSettings("""{ "limits": { "connect_seconds": 120 } }""");
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, Answer = Long });
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "chat", "hi")));
        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        var kept = Assert.Single(Kept(home));
        Assert.Equal(50, kept.Decode);
        Assert.InRange(kept.Runs, 1, 6);
        Assert.Single(Directory.GetFiles(home.Environment().StateFolder));
    }

    [Fact]
    public async Task The_engine_counts_what_it_really_read_and_the_smoke_test_never_counts()
    {
        using var home = new EngineHome().Says("plain", Long);
        await using var house = home.House();
        var first = await house.AskAsync(LongPrompt, "plain");
        Assert.InRange(first.Usage.PrefillTokens!.Value, SpeedSample.LeastPromptTokens, first.Usage.PromptTokens!.Value);
        Assert.True(first.Sample is { Decode: > 0, Prefill: > 0 });
        // Once more: nearly all of it is in the cache.
        var second = await house.AskAsync(LongPrompt, "plain");
        Assert.InRange(second.Usage.PrefillTokens!.Value, 1, SpeedSample.LeastPromptTokens - 1);
        Assert.Null(second.Sample!.Prefill);
        Assert.Null((await house.AskAsync(LongPrompt, "smoke-test", maxTokens: 64)).Sample);
        var kept = Assert.Single(Kept(home.Home));
        Assert.Equal(("engine", "plain", 2, 1), (kept.Key.Backend, kept.Key.Model, kept.Decodes.Count, kept.Prefills.Count));
    }

    private static IReadOnlyList<MeasuredSpeed> Kept(TemporaryHome home) => new MeasuredSpeeds(home.Environment(), TimeProvider.System).Read().All;

    private static string Chip { get; } = new MachineReader(MachineProfile.Read).Chip;

    private static MeasuredSpeeds Speeds(House house) => new(house.Home.Environment(), TimeProvider.System);

    private static Task<RecordedOllama> ReplayAsync(string chat) => RecordedOllama.StartAsync(new[] { "root", "tags", "ps-loaded", chat }.Select(Repository.Captured));
}
