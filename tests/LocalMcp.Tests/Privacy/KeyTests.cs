using System.Text;
using LocalMcp.Backends;
using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;
using ServerKind = LocalMcp.FakeServer.ServerKind;

namespace LocalMcp.Tests.Privacy;

/// <summary>A key goes to its server and nowhere else: not into an answer, an error, progress, a log, a file, the arguments or the environment of another process.</summary>
public sealed class KeyTests : IDisposable
{
    private const string Key = "sk-Zq7/X+w9=hunter2";
    private const string Token = "hf_vErYsEcReT42";

    private readonly TemporaryHome home = new();

    /// <summary>Every way to fail that ends by itself, and some in which the server hands the key back.</summary>
    private static readonly Dictionary<string, FakeOptions> Ways = new(Scenarios.All
        .Where(s => s.Name is not ("busy" or "endless" or "slow" or "slow-headers" or "hold-stream" or "hold-headers" or "unauthorized"))
        .Select(s => KeyValuePair.Create(s.Name, s.Options)))
    {
        ["a wrong key"] = new FakeOptions { ApiKey = "another" },
        ["echo 400"] = new FakeOptions { Status = 400, StatusText = $"bad header Authorization: Bearer {Key}", FaultsOn = FaultScope.Everything },
        ["echo 401"] = new FakeOptions { Status = 401, StatusBody = $"Authorization: Bearer {Key} is wrong", FaultsOn = FaultScope.Everything },
        ["echo 403"] = new FakeOptions { Status = 403, StatusBody = $$$"""{"error":{"message":"no {{{Key.Replace("/", @"\/", StringComparison.Ordinal)}}}"}}""" },
        ["echo 404"] = new FakeOptions { Status = 404, StatusBody = $$$"""{"detail":"model not found for {{{Key}}}"}""" },
        ["echo 500"] = new FakeOptions { Status = 500, StatusText = new string('x', 290) + Key },
        ["echo escaped"] = new FakeOptions { Status = 200, StatusBody = $$$"""{"nothing":"{{{Key.Replace("+", @"\u002B", StringComparison.Ordinal)}}}"}""", FaultsOn = FaultScope.Everything },
        ["echo in the stream"] = new FakeOptions { ErrorAfterChunks = 2, ErrorText = $"lost {Key}" },
        ["echo as the end"] = new FakeOptions { FinishReason = Key },
        ["echo as garbage"] = new FakeOptions { GarbageAfterChunks = 0, Garbage = $"data: {{\"{Key}\n\n" },
        ["echo as the model"] = new FakeOptions { AnsweredModel = Key },
        ["echo while loading"] = new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = 1 },
    };

    public static TheoryData<ServerKind> Kinds => [ServerKind.OpenAi, ServerKind.Ollama, ServerKind.LlamaServer];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_tool_says_it_whatever_the_server_does(ServerKind kind)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, ApiKey = Key });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl), ("LOCAL_MCP_API_KEY", Key), ("HF_TOKEN", Token));
        var id = 0;
        foreach (var (name, options) in Ways)
        {
            server.Options = options with { Kind = kind };
            foreach (var (tool, arguments) in ((string, string)[])[("list_models", "{}"), ("set_model", """{"name":"scripted"}"""), ("quick_test", "{}"), ("chat", """{"prompt":"hello","model":"scripted","max_tokens":50}""")])
            {
                await session.SendAsync($$$$"""{"jsonrpc":"2.0","id":{{{{++id}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{{{{arguments}}}},"_meta":{"progressToken":{{{{id}}}}}}}""");
                await session.AnswerAsync(id);
            }
            AssertSecret(string.Join('\n', session.Lines), $"{name}, {kind}");
        }
        Assert.Equal(0, await session.LeaveAsync());
        AssertSecret(string.Join('\n', session.Lines), kind.ToString());
        // It did go where it belongs, and the words around it have come.
        Assert.Contains(server.Requests, r => r.Headers.GetValueOrDefault("Authorization") == $"Bearer {Key}");
        Assert.Contains(session.Lines, line => line.Contains("Authorization: Bearer [key]", StringComparison.Ordinal));
        AssertNoFileHasIt();
    }

    [Fact]
    public async Task No_verb_says_it_and_the_doctor_neither()
    {
        await using var server = await FakeModelServer.StartAsync();
        home.WithSettings($$"""{ "servers": [{ "url": "{{server.BaseUrl}}", "name": "mine", "api_key": "{{Key}}" }] }""");
        await using var hub = await FakeModelServer.StartAsync(new FakeOptions { Status = 403, StatusBody = $"Authorization: Bearer {Token} may not", FaultsOn = FaultScope.Everything });
        (string, string)[] variables = [("OLLAMA_HOST", ClosedPort.Url()), ("LOCAL_MCP_API_KEY", Key), ("HF_TOKEN", Token), ("HF_ENDPOINT", hub.BaseUrl)];
        foreach (var (way, kind) in ((string, ServerKind)[])[("plain", ServerKind.OpenAi), ("echo 401", ServerKind.Ollama), ("echo 500", ServerKind.OpenAi), ("echo in the stream", ServerKind.Ollama)])
        {
            server.Options = Ways[way] with { Kind = kind };
            foreach (var arguments in (string[][])[["chat", "hello"], ["test"], ["models"], ["use", "scripted"], ["doctor"], ["ps"], ["pull", "ollama:qwen3:8b"], ["pull", "hf:owner/repo"]])
            {
                var run = await Verb.RunAsync(home, variables, arguments);
                AssertSecret(run.Output + run.Errors, $"{string.Join(' ', arguments)}: {way}, {kind}");
            }
        }
        Assert.Contains(hub.Requests, r => r.Headers.GetValueOrDefault("Authorization") == $"Bearer {Token}");
        Assert.Contains(server.Requests, r => r.Headers.GetValueOrDefault("Authorization") == $"Bearer {Key}");
        AssertNoFileHasIt();
    }

    [Fact]
    public async Task Neither_the_keeper_nor_the_engine_gets_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "real.gguf"), new Script("Hello."));
        using var session = await RawSession.StartAsync(home, ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url()), ("LOCAL_MCP_API_KEY", Key), ("HF_TOKEN", Token));
        await session.CallAsync(1, "chat", """{"prompt":"hello","model":"real"}""");
        Assert.Contains("Hello.", (await session.AnswerAsync(1)).ToJsonString(), StringComparison.Ordinal);
        // The session itself has it in its environment, which is where the user put it: the proof that it would be found.
        Assert.Contains(Key, Read($"/proc/{session.Process.Id}/environ"), StringComparison.Ordinal);
        var others = Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != session.Process.Id && Read($"{folder}/environ").Contains(home.Folder, StringComparison.Ordinal)).ToList();
        Assert.True(others.Count >= 2, $"{others.Count} processes of this home");
        foreach (var other in others)
            AssertSecret(Read($"{other}/environ") + Read($"{other}/cmdline"), Read($"{other}/cmdline"));
        AssertSecret(Read($"/proc/{session.Process.Id}/cmdline"), "arguments");
    }

    [Theory]
    [InlineData("sk-abc", "Bearer sk-abc!", "Bearer [key]!")]
    [InlineData("a/b+c\"d", """{"k":"a\/b+c\"d"}""", """{"k":"a\/b+c\"d"}""")]
    [InlineData("a/b/c", """{"k":"a\/b\/c"}""", """{"k":"[key]"}""")]
    [InlineData("a+b=c", "a%2Bb%3Dc a\\u002Bb=c a+b=c", "[key] [key] [key]")]
    [InlineData("abc", "abc", "abc")]
    [InlineData("", "abc", "abc")]
    public void A_key_is_found_as_it_is_and_as_it_is_escaped(string key, string text, string shown) => Assert.Equal(shown, new KeyRedaction(key).Hide(text));

    public void Dispose() => home.Dispose();

    private static void AssertSecret(string told, string where)
    {
        foreach (var secret in (string[])[Key, Key.Replace("/", @"\/", StringComparison.Ordinal), Key.Replace("+", @"\u002B", StringComparison.Ordinal), "hunter2", Token])
            Assert.False(told.Contains(secret, StringComparison.Ordinal), $"{where}: {told}");
    }

    private void AssertNoFileHasIt()
    {
        foreach (var file in Directory.GetFiles(home.Folder, "*", SearchOption.AllDirectories).Where(file => file != home.SettingsFile && new FileInfo(file).Length < 10_000_000))
            AssertSecret(Encoding.UTF8.GetString(File.ReadAllBytes(file)), file);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
