using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Privacy;

/// <summary>The built program over its standard input and output, with its network watched: it asks the model's backend, and nobody else.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Fact]
    public async Task Every_tool_asks_the_backend_and_nobody_else()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("one"), new FakeModel("two")] });
        var asked = await AskedAsync([("LOCAL_MCP_URL", server.BaseUrl)], "two");
        Assert.Equal([new Uri(server.BaseUrl).Authority], asked.Where(NotASocket));
        Assert.Equal(3, server.Requests.Count(r => r.Path == "/v1/chat/completions"));
    }

    [Fact]
    public async Task An_Ollama_is_asked_and_nobody_else()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        var asked = await AskedAsync([("LOCAL_MCP_URL", server.BaseUrl)], "scripted");
        Assert.Equal([new Uri(server.BaseUrl).Authority], asked.Where(NotASocket));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("gpu.localhost")]
    public async Task This_machines_own_name_is_not_looked_up(string host)
    {
        await using var server = await FakeModelServer.StartAsync();
        var port = new Uri(server.BaseUrl).Port;
        Assert.Equal([$"127.0.0.1:{port}"], (await AskedAsync([("LOCAL_MCP_URL", $"http://{host}:{port}")], "scripted")).Where(NotASocket));
    }

    [Fact]
    public async Task The_first_list_asks_the_documented_ports_of_this_machine_and_nobody_else()
    {
        var watch = new NetworkWatch(home);
        await Verb.RunAsync(home, watch.Variables, "models");
        Assert.Equal(["127.0.0.1:11434", "127.0.0.1:1234", "127.0.0.1:52415", "127.0.0.1:8000", "127.0.0.1:8080", "127.0.0.1:8131"], watch.Asked().Where(NotASocket));
    }

    [Fact]
    public async Task The_engine_is_asked_over_sockets_of_files_alone()
    {
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "real.gguf"), new Script("Hello."));
        var closed = ClosedPort.Url();
        var asked = await AskedAsync([("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", closed)], "real");
        Assert.Equal([new Uri(closed).Authority, "socket"], asked);
    }

    [Fact]
    public async Task Neither_the_keeper_nor_the_engine_asks_or_listens_on_the_network()
    {
        const string Strace = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(Strace), "needs strace");
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "real.gguf"), new Script("Hello."));
        var (trace, closed) = (Path.Combine(home.Folder, "trace.txt"), ClosedPort.Url());
        var start = new ProcessStartInfo(Strace, ["-f", "-qq", "-e", "trace=connect,bind", "-o", trace, Repository.Program, "chat", "hello", "--model", "real"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables(("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", closed)))
            start.Environment[name] = value;
        using var traced = Process.Start(start)!;
        var errors = traced.StandardError.ReadToEndAsync();
        var answer = await traced.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        // It ends with the last process that it watches.
        await home.StopEngineAsync();
        await traced.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen((await errors).Contains("ptrace", StringComparison.Ordinal), "strace may not trace here");
        Assert.Equal("Hello.", answer);
        var lines = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        Assert.Contains(lines, line => line.Contains("bind(", StringComparison.Ordinal) && line.Contains("AF_UNIX", StringComparison.Ordinal) && line.Contains("engine", StringComparison.Ordinal));
        var network = lines.Where(line => line.Contains("AF_INET", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(network);
        Assert.All(network, line => Assert.Matches($@"connect\(.*htons\({new Uri(closed).Port}\)", line));
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_not_even_looked_up_and_an_allowed_one_is()
    {
        // The second half is the proof that a look-up is seen.
        foreach (var allowed in (bool[])[false, true])
        {
            home.WithSettings(allowed ? """{ "allow_hosts": ["studio.invalid"] }""" : "{}");
            var watch = new NetworkWatch(home);
            (string, string)[] variables = [("LOCAL_MCP_URL", "http://studio.invalid:1234"), .. watch.Variables];
            await Verb.RunAsync(home, variables, "models");
            await Verb.RunAsync(home, variables, "chat", "hello", "--model", "openai/x");
            await Verb.RunAsync(home, variables, "doctor");
            await Verb.RunAsync(home, variables, "pull", "ollama:qwen3:8b");
            Assert.Equal(allowed ? ["name studio.invalid"] : [], watch.Asked().Where(NotASocket));
        }
    }

    [Fact]
    public async Task A_redirect_leads_nowhere()
    {
        using var elsewhere = new Listener();
        foreach (var kind in (ServerKind[])[ServerKind.OpenAi, ServerKind.Ollama])
        {
            foreach (var scope in (FaultScope[])[FaultScope.Chat, FaultScope.Listings, FaultScope.Everything])
            {
                await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, RedirectTo = elsewhere.Url, FaultsOn = scope });
                var watch = new NetworkWatch(home);
                (string, string)[] variables = [("LOCAL_MCP_URL", server.BaseUrl), .. watch.Variables];
                var chat = await Verb.RunAsync(home, variables, "chat", "hello");
                Assert.NotEqual(0, chat.ExitCode);
                Assert.Contains("redirect", chat.Errors, StringComparison.Ordinal);
                await Verb.RunAsync(home, variables, "pull", "ollama:qwen3:8b");
                Assert.Equal([new Uri(server.BaseUrl).Authority], watch.Asked().Where(NotASocket));
            }
        }
        Assert.False(elsewhere.WasAsked);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_gets_nothing_of_what_is_asked_of_models()
    {
        using var proxy = new Listener();
        await using var server = await FakeModelServer.StartAsync();
        await using var ollama = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        (string, string)[] variables = [.. new[] { "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY" }.Select(name => (name, proxy.Url)), ("LOCAL_MCP_URL", $"{server.BaseUrl},{ollama.BaseUrl}")];
        home.WithSettings("""{ "allow_hosts": ["255.255.255.255"], "servers": [{ "url": "http://255.255.255.255:1", "name": "far" }], "limits": { "connect_seconds": 1 } }""");
        var asked = await AskedAsync(variables, "openai/scripted-plain");
        Assert.DoesNotContain(new Uri(proxy.Url).Authority, asked);
        Assert.Contains("255.255.255.255:1", asked);
        await Verb.RunAsync(home, variables, "doctor");
        await Verb.RunAsync(home, variables, "pull", "ollama:qwen3:8b");
        Assert.False(proxy.WasAsked);
        // A pull from Hugging Face may use it: the proof that it would be seen.
        var pull = await Verb.RunAsync(home, [.. variables, ("HF_ENDPOINT", "http://hub.invalid")], "pull", "hf:owner/repo");
        Assert.NotEqual(0, pull.ExitCode);
        Assert.True(proxy.WasAsked);
    }

    public void Dispose() => home.Dispose();

    private static bool NotASocket(string asked) => asked != "socket";

    // One session that uses every tool, a wrong name and a right one.
    private async Task<IReadOnlyList<string>> AskedAsync((string, string)[] variables, string model)
    {
        var watch = new NetworkWatch(home);
        using var session = await RawSession.StartAsync(home, [.. variables, .. watch.Variables]);
        Assert.Empty(watch.Asked());
        (string Tool, string Arguments)[] calls = [("list_models", "{}"), ("chat", """{"prompt":"hello","model":"nobody"}"""), ("set_model", $$"""{"name":"{{model}}"}"""), ("quick_test", "{}"), ("chat", """{"prompt":"hello"}""")];
        var last = new JsonObject() as JsonNode;
        foreach (var (index, (tool, arguments)) in calls.Index())
        {
            await session.CallAsync(index + 1, tool, arguments);
            last = await session.AnswerAsync(index + 1);
        }
        Assert.True((bool?)last["result"]?["isError"] is not true, last.ToJsonString());
        Assert.Equal(0, await session.LeaveAsync());
        return watch.Asked();
    }

    /// <summary>A port of this machine that counts who comes, and hangs up on them.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private int connections;

        public Listener()
        {
            listener.Start();
            _ = CountAsync();
        }

        public string Url => $"http://{listener.LocalEndpoint}";

        public bool WasAsked => listener.Pending() || Volatile.Read(ref connections) > 0;

        public void Dispose() => listener.Dispose();

        private async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    (await listener.AcceptSocketAsync()).Dispose();
                    Interlocked.Increment(ref connections);
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                // The test has ended it.
            }
        }
    }
}
