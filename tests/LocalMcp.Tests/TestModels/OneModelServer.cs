using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.TestModels;

/// <summary>A real llama-server with one model and none of our own flags, on a socket beside the model's file; gone at the end of the test.</summary>
internal sealed class OneModelServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient client;
    private readonly List<string> said = [];

    private OneModelServer(Process process, string socket)
    {
        this.process = process;
        client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => Unix.ConnectAsync(socket, cancellationToken) }) { BaseAddress = new Uri("http://engine/") };
    }

    /// <summary>A server that has loaded the model; fails with the server's last words where it has not.</summary>
    public static async Task<OneModelServer> LoadAsync(string model)
    {
        var socket = Path.ChangeExtension(model, ".sock");
        string[] arguments = ["--model", model, "--host", socket, "--ctx-size", "2048", "--parallel", "2", "--no-kv-unified", "--threads", "1", "--no-warmup", "--offline"];
        var start = new ProcessStartInfo(Path.Combine(RealEngine.Require(), "llama-server"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        var server = new OneModelServer(Process.Start(start)!, socket);
        server.process.StandardInput.Close();
        // Somebody has to read it, or the process waits.
        _ = server.process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await server.ListensAsync();
        _ = server.process.StandardError.ReadToEndAsync(CancellationToken.None);
        return server;
    }

    /// <summary>How many tokens it answered a question with.</summary>
    public async Task<int> TokensOfAnswerAsync(int tokens)
    {
        var question = new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "What is it?" }),
            ["max_tokens"] = tokens,
            ["ignore_eos"] = true,
        };
        using var reply = await client.PostAsync("v1/chat/completions", JsonContent.Create(question), TestContext.Current.CancellationToken);
        var body = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["usage"]!["completion_tokens"]!.GetValue<int>();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private async Task ListensAsync()
    {
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.Contains("listening on", StringComparison.Ordinal))
                return;
        }

        await DisposeAsync();
        Assert.Fail($"The server ended: {string.Join('\n', said.TakeLast(5))}");
    }
}
