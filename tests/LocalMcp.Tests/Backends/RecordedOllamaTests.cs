using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

/// <summary>Exchanges that were recorded from a real Ollama 0.33, replayed over a real socket.</summary>
public sealed class RecordedOllamaTests
{
    [Theory]
    [InlineData("chat-plain-stream", "scripted-plain")]
    [InlineData("chat-gothink-False-stream", "scripted-gothink")]
    [InlineData("chat-gothink-True-stream", "scripted-gothink")]
    [InlineData("chat-gothink-unset-stream", "scripted-gothink")]
    [InlineData("chat-golate-False-stream", "scripted-golate")]
    [InlineData("chat-golate-True-stream", "scripted-golate")]
    [InlineData("chat-golate-unset-stream", "scripted-golate")]
    [InlineData("chat-think-False-stream", "scripted-think")]
    [InlineData("chat-think-True-stream", "scripted-think")]
    [InlineData("chat-think-unset-stream", "scripted-think")]
    [InlineData("chat-thinkq-False-stream", "scripted-thinkq")]
    [InlineData("chat-thinkq-True-stream", "scripted-thinkq")]
    [InlineData("chat-thinkq-unset-stream", "scripted-thinkq")]
    [InlineData("chat-lateclose-stream", "scripted-lateclose")]
    [InlineData("chat-orphan-stream", "scripted-orphan")]
    public async Task Gives_the_answer_and_nothing_else(string recording, string answeredBy)
    {
        await using var ollama = await ReplayAsync(recording);
        await using var house = House.With(ollama.BaseUrl);
        var reply = await house.AskAsync("hi", "scripted-plain");
        Assert.Equal("Hello from the scripted model.", reply.Text);
        Assert.Equal("ollama/scripted-plain:latest", reply.Model.Id);
        Assert.Equal(answeredBy, reply.AnsweredBy);
        Assert.NotNull(reply.TokensPerSecond);
    }

    [Fact]
    public async Task Says_that_the_answer_was_cut()
    {
        await using var ollama = await ReplayAsync("chat-endless-length");
        await using var house = House.With(ollama.BaseUrl);
        var reply = await house.AskAsync("hi", "scripted-endless", maxTokens: 6);
        Assert.Contains("6 tokens · cut at max_tokens 6", reply.Footer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat-missing", "Ollama at http://127.0.0.1:", "has no model \"scripted-plain:latest\". It has: ")]
    [InlineData("ctx-native-long-stream", "The prompt has 10,019 tokens", "a context of 4,096")]
    [InlineData("load-oom-stream", "answered 500", "insufficient memory (attempted to allocate 6144.00 MB)")]
    [InlineData("chat-remote-nocloud", "refuses access", "ollama cloud is disabled")]
    [InlineData("chat-unclosed-numpredict", "used up its whole budget of 12 tokens on reasoning, with no answer", "raise the context length that the model is served with")]
    [InlineData("chat-gounclosed-numpredict", "used up its whole budget of 12 tokens on reasoning, with no answer", "raise the context length that the model is served with")]
    [InlineData("chat-empty", "answered with nothing", "choose another model with set_model")]
    public async Task Words_its_refusals(string recording, string words, string more)
    {
        await using var ollama = await ReplayAsync(recording);
        await using var house = House.With(ollama.BaseUrl);
        var failure = await house.FailureAsync("hi", "scripted-plain");
        Assert.Contains(words, failure, StringComparison.Ordinal);
        Assert.Contains(more, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runner-killed-stream", "unexpected EOF")]
    [InlineData("chat-repeat-abort", "without saying that it was complete")]
    public async Task Keeps_the_text_of_an_answer_that_broke_off(string recording, string cause)
    {
        await using var ollama = await ReplayAsync(recording);
        await using var house = House.With(ollama.BaseUrl);
        var reply = await house.AskAsync("hi", "scripted-plain");
        Assert.NotEmpty(reply.Text);
        Assert.Contains(cause, reply.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_once_more_without_the_field_when_a_model_refuses_to_think()
    {
        await using var ollama = await FakeServer.RecordedOllama.StartAsync(Recordings("chat-plain-thinktrue", "chat-plain-stream"));
        await using var house = House.With(ollama.BaseUrl);
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hi", "scripted-repeat", think: true)).Text);
    }

    [Fact]
    public async Task Lists_what_can_chat_with_what_is_known_of_it()
    {
        await using var ollama = await FakeServer.RecordedOllama.StartAsync(Recordings());
        await using var house = House.With(ollama.BaseUrl);
        var models = (await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models;
        var plain = models.Single(m => m.Name == "scripted-plain:latest");
        Assert.Equal((true, 4096, 32_768), (plain.Loaded, plain.ContextLength, plain.TrainedContext));
        Assert.All(models.Where(m => m.Name.StartsWith("scripted-", StringComparison.Ordinal) && m != plain && !m.SmokeTest), m => Assert.False(m.Loaded));
    }

    [Fact]
    public async Task A_model_that_runs_elsewhere_is_refused_before_anything_is_sent()
    {
        await using var ollama = await FakeServer.RecordedOllama.StartAsync(new[] { "root", "tags-with-remote", "ps-loaded", "chat-plain-stream" }.Select(Repository.Captured));
        await using var house = House.With(ollama.BaseUrl);
        Assert.Contains("https://ollama.com:11434", await house.FailureAsync("secret", "innocent-name"), StringComparison.Ordinal);
        Assert.DoesNotContain(ollama.Requests, r => r.Path == "/api/chat");
    }

    private static Task<FakeServer.RecordedOllama> ReplayAsync(string chat) => FakeServer.RecordedOllama.StartAsync(Recordings(chat));

    private static IEnumerable<string> Recordings(params string[] chats) => new[] { "root", "tags", "ps-loaded" }.Concat(chats).Select(Repository.Captured);
}
