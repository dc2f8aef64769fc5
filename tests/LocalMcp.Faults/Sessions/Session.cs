using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalMcp.Faults.World;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Sessions;

/// <summary>
/// A client and its session: many calls at once over the program's standard input and output, each of which is answered exactly once or has been given up. What comes
/// over standard output and is not that, is a break.
/// </summary>
internal sealed class Session
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly Era era;
    private readonly string project;
    private readonly Action<string> breaks;
    private readonly ConcurrentDictionary<int, Pending> pending = new();
    private readonly ConcurrentDictionary<int, byte> answered = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly Channel<JsonObject> outbox = Channel.CreateUnbounded<JsonObject>();
    private readonly Task writing;
    private readonly Task reading;
    private int lastId;
    private volatile bool isEnding;
    private volatile bool isKilled;
    private volatile bool isGone;

    private Session(Process process, Era era, string project, Action<string> breaks)
    {
        (this.process, this.era, this.project, this.breaks) = (process, era, project, breaks);
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        reading = ReadAsync();
        writing = WriteAsync();
    }

    public int Id => process.Id;

    public bool IsOver => isEnding || isGone;

    /// <summary>Starts the program, under these limits of a shell (such as <c>ulimit -n 100</c>), and shakes hands where that is done.</summary>
    public static async Task<Session> StartAsync(TemporaryHome home, string project, Era era, string limits, Action<string> breaks, params (string Name, string Value)[] variables)
    {
        var start = limits.Length == 0
            ? ProgramStart.Of(home, ["serve"], variables)
            : ProgramStart.Of("/bin/sh", home, ["-c", limits + "; exec \"$0\" serve", Repository.Program], variables);
        var session = new Session(Process.Start(start)!, era, project, breaks);
        if (era is Era.Handshake)
            await session.ShakeHandsAsync();
        return session;
    }

    /// <summary>Makes a call and waits for its end.</summary>
    /// <exception cref="TimeoutException">It has none within this time.</exception>
    public async Task<Ending> CallAsync(CallPlan plan, TimeSpan longest)
    {
        var parameters = Parameters(plan);
        var call = new Pending();
        var id = Begin(plan.Method, parameters, call);
        if (plan.CancelAfter is { } after)
            _ = CancelAsync(id, call, after);
        var first = await call.Task.WaitAsync(longest);
        if (first.Text.Length > 0 || call.Question is not { } question)
            return first;
        var again = new Pending();
        var second = Begin(plan.Method, WithRoots(Parameters(plan), question), again);
        if (plan.CancelAfter is { } later)
            _ = CancelAsync(second, again, later);
        return await again.Task.WaitAsync(longest);
    }

    /// <summary>Closes its standard input, as a client does that goes away; it has to end by itself, in order.</summary>
    public Task CloseAsync()
    {
        isEnding = true;
        outbox.Writer.TryComplete();
        return GoneAsync("closed its input", 0);
    }

    /// <summary>Sends it a signal that ends it.</summary>
    public Task SignalAsync(Signal signal)
    {
        isEnding = true;
        isKilled |= signal == Signal.Kill;
        Proc.Send(process.Id, signal);
        return GoneAsync($"sent {signal}", null);
    }

    private async Task ShakeHandsAsync()
    {
        var parameters = new JsonObject { ["protocolVersion"] = era.Version, ["capabilities"] = era.Capabilities(), ["clientInfo"] = new JsonObject { ["name"] = "faults", ["version"] = "1" } };
        var hello = new Pending();
        Begin("initialize", parameters, hello);
        await hello.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
    }

    private static JsonObject Parameters(CallPlan plan) =>
        plan.Tool.Length > 0 ? new JsonObject { ["name"] = plan.Tool, ["arguments"] = JsonNode.Parse(plan.Arguments) } : JsonNode.Parse(plan.Arguments)!.AsObject();

    private int Begin(string method, JsonObject parameters, Pending call)
    {
        var id = Interlocked.Increment(ref lastId);
        pending[id] = call;
        if (method != "initialize")
            parameters["_meta"] = era.Meta(id);
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        if (isGone)
            call.TrySetResult(new Ending(EndingKind.Gone, ""));
        return id;
    }

    private async Task CancelAsync(int id, Pending call, int after)
    {
        if (after > 0)
            await Task.WhenAny(call.Task, Task.Delay(after));
        if (call.Task.IsCompleted)
            return;
        Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = id } });
        // An answer may have been under way: it is the only one then.
        call.TrySetResult(new Ending(EndingKind.Cancelled, ""));
    }

    private void Send(JsonObject message) => outbox.Writer.TryWrite(message);

    // A session that is stopped reads nothing: whoever has something to say does not wait for it.
    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in outbox.Reader.ReadAllAsync())
            {
                await process.StandardInput.WriteLineAsync(message.ToJsonString());
                await process.StandardInput.FlushAsync();
            }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Nobody is there any more.
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                Take(line);
        }
        catch (IOException)
        {
            // The pipe has broken: it is gone.
        }
        if (!isEnding)
            breaks($"the session ended by itself: {await FarewellAsync()}");
        isGone = true;
        outbox.Writer.TryComplete();
        foreach (var call in pending.Values)
            call.TrySetResult(new Ending(EndingKind.Gone, ""));
    }

    private async Task<string> FarewellAsync()
    {
        await process.WaitForExitAsync();
        return $"exit code {process.ExitCode}, \"{string.Join(" / ", errors.TakeLast(12))}\"";
    }

    private void Take(string line)
    {
        JsonObject message;
        try
        {
            message = JsonNode.Parse(line) as JsonObject ?? throw new JsonException("no object");
        }
        catch (JsonException)
        {
            // Who is killed may have been in the middle of a line.
            if (!isKilled)
                breaks($"standard output has a line that is no message: {Shown(line)}");
            return;
        }
        if ((string?)message["jsonrpc"] != "2.0")
            breaks($"standard output has a line that is no JSON-RPC 2.0: {Shown(line)}");
        else if (message["method"] is { } method)
            Hear((string?)method ?? "", message);
        else
            Conclude(message, line);
    }

    private void Hear(string method, JsonObject message)
    {
        if (message["id"] is { } id)
        {
            if (method != "roots/list" || era is not Era.Handshake { NamesRoots: true } client)
                breaks($"it asks for {method}, which this client does not know");
            else if (client.AnswersRoots)
                Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = Roots() });
        }
        else if (method == "notifications/progress" && message["params"]?["progressToken"]?.GetValueKind() != JsonValueKind.Number)
        {
            breaks($"progress without the token that was given: {Shown(message.ToJsonString())}");
        }
        else if (method == "notifications/progress" && !pending.ContainsKey((int)message["params"]!["progressToken"]!))
        {
            breaks($"progress of a call that has been answered: {Shown(message.ToJsonString())}");
        }
    }

    private void Conclude(JsonObject message, string line)
    {
        if (message["id"]?.GetValueKind() != JsonValueKind.Number)
        {
            breaks($"an answer to no request: {Shown(line)}");
            return;
        }
        var id = (int)message["id"]!;
        if (!answered.TryAdd(id, 0))
            breaks($"a second answer to request {id}: {Shown(line)}");
        else if (!pending.TryRemove(id, out var call))
            breaks($"an answer to request {id}, which nobody sent: {Shown(line)}");
        else
            call.TrySetResult(Read(message, call));
    }

    private static Ending Read(JsonObject message, Pending call)
    {
        if (message["error"] is { } error)
            return new Ending(EndingKind.Refusal, (string?)error["message"] ?? "");
        var result = message["result"]!;
        if ((string?)result["resultType"] == "input_required")
        {
            call.Question = result.AsObject();
            return new Ending(EndingKind.Answer, "");
        }
        var text = result["content"] is JsonArray content ? string.Join("\n", content.Select(block => (string?)block!["text"])) : result.ToJsonString();
        return new Ending((bool?)result["isError"] is true ? EndingKind.Error : EndingKind.Answer, text);
    }

    private JsonObject WithRoots(JsonObject parameters, JsonObject question)
    {
        var answers = new JsonObject();
        foreach (var (name, _) in question["inputRequests"]!.AsObject())
            answers[name] = Roots();
        parameters["inputResponses"] = answers;
        if (question["requestState"] is { } state)
            parameters["requestState"] = state.DeepClone();
        return parameters;
    }

    private JsonObject Roots() => new() { ["roots"] = new JsonArray(new JsonObject { ["uri"] = new Uri(project).AbsoluteUri }) };

    // A session that does not end is a break, and is killed.
    private async Task GoneAsync(string why, int? code)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(LongestEnd);
            await Task.WhenAll(reading, writing).WaitAsync(LongestEnd);
        }
        catch (TimeoutException)
        {
            breaks($"the session was {why}, and lives after {LongestEnd.TotalSeconds} s");
            process.Kill();
        }
        if (code is { } wanted && process.HasExited && process.ExitCode != wanted && !isKilled)
            breaks($"the session was {why}, and ended with {process.ExitCode}: \"{string.Join(" / ", errors.TakeLast(12))}\"");
        if (errors.FirstOrDefault(Judge.IsTrace) is { } trace)
            breaks($"standard error has a trace: {string.Join(" / ", errors.TakeWhile(line => line != trace).TakeLast(2).Concat(errors.SkipWhile(line => line != trace).Take(8)))}");
    }

    private static string Shown(string line) => line.Length > 400 ? $"{line[..300]} … {line[^80..]}" : line;

    /// <summary>A call that has no end yet.</summary>
    private sealed class Pending
    {
        private readonly TaskCompletionSource<Ending> ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What the server wants to know before it goes on.</summary>
        public JsonObject? Question { get; set; }

        public Task<Ending> Task => ending.Task;

        public void TrySetResult(Ending how) => ending.TrySetResult(how);
    }
}
