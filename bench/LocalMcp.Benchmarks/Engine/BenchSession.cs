using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>A session as Claude Code has one: the built program as a process, and JSON-RPC over its standard input and output.</summary>
internal sealed partial class BenchSession : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> waiting = [];
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Task reading;
    private int last;

    private BenchSession(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        reading = ReadAsync();
    }

    public int ProcessId => process.Id;

    /// <summary>Beside this program, as the build made it; or the one that LOCAL_MCP_PROGRAM names: an installed one is trimmed and compiled ahead of time.</summary>
    public static string Program { get; set; } = Environment.GetEnvironmentVariable("LOCAL_MCP_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "local-mcp");

    /// <summary>What the server says of itself in the handshake.</summary>
    public JsonElement Handshake { get; private set; }

    /// <summary>Starts one in the home's own folder, and shakes hands.</summary>
    public static Task<BenchSession> StartAsync(BenchHome home, CancellationToken cancellationToken) => StartAsync(home, home.Folder, cancellationToken);

    /// <summary>Starts one in a project's folder, and shakes hands.</summary>
    public static async Task<BenchSession> StartAsync(BenchHome home, string project, CancellationToken cancellationToken)
    {
        var start = home.Start(Program, "serve");
        start.WorkingDirectory = project;
        var session = new BenchSession(Process.Start(start)!);
        try
        {
            session.Handshake = await session.RequestAsync("initialize", JsonNode.Parse("""{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}""")!, cancellationToken);
            await session.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls <c>chat</c>.</summary>
    /// <exception cref="InvalidOperationException">It answered with an error.</exception>
    public async Task<Answer> AskAsync(ChatRequest question, CancellationToken cancellationToken)
    {
        var call = await CallAsync("chat", Arguments(question), cancellationToken);
        var footer = Footer().Match(call.Text);
        return footer.Success ? new Answer(Tokens(footer), call.Took, FirstToken(footer)) : throw new InvalidOperationException($"The program's chat has failed: {call.Text}");
    }

    /// <summary>Calls a tool, and asks for signs of life, as clients do: they cost something as well.</summary>
    /// <exception cref="InvalidOperationException">It answered with an error.</exception>
    public async Task<ToolCall> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments, ["_meta"] = new JsonObject { ["progressToken"] = Interlocked.Increment(ref last) } };
        var (id, line) = Request("tools/call", parameters);
        var began = Stopwatch.GetTimestamp();
        var result = await RequestAsync(id, line, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began);
        var text = result.TryGetProperty("content", out var content) ? content[0].GetProperty("text").GetString()! : result.GetRawText();
        return result.TryGetProperty("isError", out var failed) && failed.GetBoolean() || !result.TryGetProperty("content", out _)
            ? throw new InvalidOperationException($"The program's {tool} has failed: {text}")
            : new ToolCall(text, took);
    }

    /// <summary>The answer to <c>tools/list</c>, as it came over the wire.</summary>
    public async Task<string> ListToolsAsync(CancellationToken cancellationToken) => (await RequestAsync("tools/list", new JsonObject(), cancellationToken)).GetRawText();

    /// <summary>Closes its standard input, as a client does that goes away, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        using (process)
        {
            process.StandardInput.Close();
            if (await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(5))) is { } first && !process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            await reading;
        }
        writing.Dispose();
    }

    [GeneratedRegex(@"\n— [^\n]* · ([\d,]+) tokens? [^\n]*· first token ([\d.]+) s[^\n]*\z")]
    private static partial Regex Footer();

    private static int Tokens(Match footer) => int.Parse(footer.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static TimeSpan FirstToken(Match footer) => TimeSpan.FromSeconds(double.Parse(footer.Groups[2].Value, CultureInfo.InvariantCulture));

    private static JsonObject Arguments(ChatRequest question)
    {
        var arguments = new JsonObject { ["prompt"] = question.Prompt, ["system"] = question.System, ["model"] = question.Model, ["max_tokens"] = question.MaxTokens };
        if (question.FileNames.Count > 0)
            arguments["files"] = new JsonArray([.. question.FileNames.Select(name => (JsonNode)name)]);
        return arguments;
    }

    private Task<JsonElement> RequestAsync(string method, JsonNode parameters, CancellationToken cancellationToken)
    {
        var (id, line) = Request(method, parameters);
        return RequestAsync(id, line, cancellationToken);
    }

    private (int Id, string Line) Request(string method, JsonNode parameters)
    {
        var id = Interlocked.Increment(ref last);
        return (id, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString());
    }

    private async Task<JsonElement> RequestAsync(int id, string line, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        if (reading.IsCompleted)
            Abandon();
        await SendAsync(line, cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private async Task SendAsync(string line, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteAsync($"{line}\n");
            await process.StandardInput.FlushAsync(cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            var json = message.RootElement;
            if (json.TryGetProperty("id", out var id) && !json.TryGetProperty("method", out _) && waiting.TryRemove(id.GetInt32(), out var answer))
                answer.SetResult(json.TryGetProperty("result", out var result) ? result.Clone() : json.GetProperty("error").Clone());
        }
        Abandon();
    }

    private void Abandon()
    {
        foreach (var answer in waiting.Values)
            answer.TrySetException(new InvalidOperationException("The session has ended in the middle of a call."));
    }
}
