using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// Standard input of <c>local-mcp serve</c>. Whatever comes there: standard output carries nothing but JSON-RPC; answers have an id that was asked with, or none; a request that is
/// whole gets an answer; no failure hides behind the words of the protocol's library; and afterwards a proper request is answered.
/// </summary>
internal sealed partial class JsonRpcFuzzer : Fuzzer
{
    private const string Initialize = """{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"fuzz","version":"1"}}}""" + "\n" + """{"jsonrpc":"2.0","method":"notifications/initialized"}""" + "\n";
    private const int Remembered = 64;
    private const long MostMemory = 600_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly TemporaryHome home = new();
    private readonly FakeModelServer backend = FakeModelServer.StartAsync().GetAwaiter().GetResult();
    private readonly Queue<string> before = new();
    private ServeSession? session;
    private int pings;

    public override string Name => "jsonrpc";

    public override int Rounds => 250;

    public override IReadOnlyList<string> Tokens =>
    [
        "{\"jsonrpc\":\"2.0\",", "\"jsonrpc\":\"1.0\",", "\"id\":", "\"id\":null,", "\"id\":1.5,", "\"id\":\"x\",", "\"id\":99999999999999999999,", "\"method\":\"tools/call\",", "\"method\":\"ping\"", "\"method\":\"initialize\",", "\"method\":\"prompts/get\",", "\"method\":\"resources/list\"", "\"method\":\"completion/complete\",", "\"method\":\"logging/setLevel\",",
        "\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":5}", "\"params\":{", "\"params\":[]", "\"params\":null", "\"name\":\"chat\",", "\"name\":\"chat_to_file\",", "\"name\":\"list_models\"", "\"name\":\"set_model\"", "\"name\":\"quick_test\"", "\"arguments\":{", "\"arguments\":null", "\"arguments\":[1]",
        "\"prompt\":\"hi\"", "\"files\":[\"**\"]", "\"files\":\"{a,b\"", "\"max_tokens\":-1", "\"json_schema\":\"{}\"", "\"json_schema\":{\"type\":7}", "\"model\":\"\\ud800\"", "\"_meta\":{\"progressToken\":1}", "\"_meta\":{\"progressToken\":{}}", "\"result\":{}", "\"error\":{\"code\":1,\"message\":\"x\"}", "\"\\ud800\":1,", "\"\\u0069d\":7,",
    ];

    // Two programs at once: this one's own costs, and a chat's.
    public override long MostBytes => 512 * 1024 * 1024;

    public override TimeSpan Longest => TimeSpan.FromSeconds(30);

    public override async Task TryAsync(byte[] input, Random random)
    {
        try
        {
            session ??= await StartAsync();
            await ExchangeAsync(session, input);
        }
        catch
        {
            // What is left of it says nothing about the next input.
            session?.Dispose();
            session = null;
            before.Clear();
            throw;
        }
    }

    public override async Task EndAsync()
    {
        session?.Dispose();
        await backend.DisposeAsync();
        home.Dispose();
    }

    private async Task<ServeSession> StartAsync()
    {
        var started = new ServeSession(home, ("LOCAL_MCP_URL", backend.BaseUrl));
        await started.SendAsync(Encoding.UTF8.GetBytes(Initialize));
        await AwaitAsync(started, Initialize, ["\"hello\""]);
        return started;
    }

    private async Task ExchangeAsync(ServeSession serve, byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var ping = $"\"fuzz-{++pings}\"";
        await serve.SendAsync([.. input, .. Encoding.UTF8.GetBytes($"\n{{\"jsonrpc\":\"2.0\",\"id\":{ping},\"method\":\"ping\"}}\n")]);
        before.Enqueue(text);
        if (before.Count > Remembered)
            before.Dequeue();
        await AwaitAsync(serve, text, [ping, .. Requests(text)]);
        BrokenException.Unless(serve.Memory < MostMemory, $"the program takes {serve.Memory:N0} bytes");
    }

    // The ids of what has to be answered, as JSON. A session that is told to cancel something may leave that without an answer.
    private static IEnumerable<string> Requests(string text) =>
        text.Contains("cancel", StringComparison.OrdinalIgnoreCase) || text.Contains("\\u", StringComparison.Ordinal) ? [] : text.Split('\n').Select(Request).OfType<string>().Distinct();

    private static string? Request(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object || json.RootElement.EnumerateObject().GroupBy(member => member.Name).Any(same => same.Count() > 1))
                return null;
            return json.RootElement.TryGetProperty("jsonrpc", out var version) && version.ValueKind == JsonValueKind.String && version.ValueEquals("2.0") && json.RootElement.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String && json.RootElement.TryGetProperty("id", out var id) && IsId(id)
                ? id.GetRawText()
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsId(JsonElement id) => id.ValueKind == JsonValueKind.String || (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) && number.ToString(CultureInfo.InvariantCulture) == id.GetRawText());

    private async Task AwaitAsync(ServeSession serve, string text, IEnumerable<string> ids)
    {
        var open = ids.Select(Plain).ToHashSet();
        using var patience = new CancellationTokenSource(Patience);
        while (open.Count > 0)
        {
            try
            {
                var line = await serve.LineAsync(patience.Token) ?? throw new BrokenException($"the program has ended: {serve.Errors}");
                if (await HeardAsync(serve, line) is { } answered)
                    open.Remove(answered);
            }
            catch (OperationCanceledException)
            {
                throw new BrokenException($"no answer to a request: {string.Join(", ", open)} after {text[..Math.Min(text.Length, 2_000)]}\n{serve.Errors}");
            }
        }
    }

    // The id that is answered with this line.
    private async Task<string?> HeardAsync(ServeSession serve, string line)
    {
        using var json = Parse(line);
        var message = json.RootElement;
        BrokenException.Unless(message.ValueKind == JsonValueKind.Object && message.TryGetProperty("jsonrpc", out var version) && version.ValueEquals("2.0"), $"standard output carries something else: {line}");
        // Half of a surrogate pair in the parameters is refused by the protocol's library, in its own words, before anything of ours sees them.
        BrokenException.Unless(!line.Contains("An error occurred", StringComparison.Ordinal) || before.Any(text => text.Contains("\\u", StringComparison.Ordinal)), $"a failure that nobody foresaw: {line}\n{serve.Errors}");
        if (message.TryGetProperty("method", out _))
        {
            if (message.TryGetProperty("id", out var asked))
                await serve.SendAsync(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{asked.GetRawText()},\"error\":{{\"code\":-32601,\"message\":\"no\"}}}}\n"));
            return null;
        }
        var isError = message.TryGetProperty("error", out var error);
        BrokenException.Unless(isError != message.TryGetProperty("result", out _), $"neither result nor error: {line}");
        BrokenException.Unless(!isError || (error.GetProperty("code").TryGetInt32(out _) && error.GetProperty("message").GetString()!.Length > 0), $"an error without code or words: {line}");
        if (!message.TryGetProperty("id", out var id) || id.ValueKind == JsonValueKind.Null)
        {
            BrokenException.Unless(isError, $"a result for nobody: {line}");
            return null;
        }
        var plain = Plain(id.GetRawText());
        BrokenException.Unless(plain.StartsWith("fuzz-", StringComparison.Ordinal) || plain == "hello" || before.Any(text => WasAsked(text, plain)), $"an answer to an id that nobody asked with: {line}");
        return plain;
    }

    private static bool WasAsked(string text, string id) => text.Contains(id, StringComparison.Ordinal) || (text.Contains('\\') && Unescaped(text).Contains(id, StringComparison.Ordinal)) || Numbers().Matches(text).Any(number => double.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) && value.ToString("F0", CultureInfo.InvariantCulture) == id);

    private static string Unescaped(string text) => Escapes().Replace(text, escape => escape.Value[1] == 'u' ? ((char)Convert.ToInt32(escape.Value[2..], 16)).ToString() : escape.Value[1] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", 'b' => "\b", 'f' => "\f", var plain => plain.ToString() });

    private static string Plain(string id) => id.StartsWith('"') ? JsonSerializer.Deserialize<string>(id)! : id;

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            throw new BrokenException($"standard output carries something else: {line}");
        }
    }

    [GeneratedRegex(@"\\(u[0-9a-fA-F]{4}|[^u])")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"-?[0-9][0-9.eE+-]*")]
    private static partial Regex Numbers();
}
