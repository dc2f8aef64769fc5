using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Chat;
using LocalMcp.Models;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// The streams of answers. However the bytes are cut, the same comes out of them; what comes out ends with an end of the answer or with a known error; and what was said is
/// what is read. Some inputs go over a real connection.
/// </summary>
internal abstract class StreamFuzzer : Fuzzer
{
    private const int Cuttings = 3;

    // One in so many goes over a socket.
    private const int OverSocket = 50;

    private readonly LoopbackServer loopback = new();

    /// <summary>The answer of a server that sends this.</summary>
    protected abstract IAsyncEnumerable<ChatDelta> Stream(ServerConnection server);

    /// <summary>What the server says its bytes are.</summary>
    protected abstract string Type(byte[] input);

    /// <summary>An answer with these pieces, as such servers send it.</summary>
    protected abstract string Written(IReadOnlyList<string> pieces, Random random);

    /// <summary>Cut between two events, the answer must not end as a whole one.</summary>
    protected abstract string[] Events(string written);

    public override async Task TryAsync(byte[] input, Random random)
    {
        var whole = await ReadAsync(input, null);
        for (var i = 0; i < Cuttings; i++)
        {
            var most = i == 0 ? 1 : random.Next(1, 200);
            var cut = await ReadAsync(input, () => random.Next(1, most + 1));
            BrokenException.Unless(cut == whole, $"cut otherwise, something else comes out: at most {most} bytes at once\n{cut}\nwhere whole it is\n{whole}");
        }
        if (random.Next(OverSocket) == 0)
        {
            using var server = loopback.Connection(input, Type(input), random);
            var (over, _) = await CollectAsync(server);
            BrokenException.Unless(over == whole, $"over a socket, something else comes out:\n{over}\nwhere in process it is\n{whole}");
        }
    }

    public override async Task TrySoundAsync(Random random)
    {
        var pieces = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Piece(random)).ToList();
        var written = Written(pieces, random);
        var most = random.Next(1, 100);
        var (text, answer) = await CollectAsync(Played(Encoding.UTF8.GetBytes(written), () => random.Next(1, most)));
        BrokenException.Unless(answer == string.Concat(pieces), $"said and read differ:\n{written}\n{text}");
        var events = Events(written);
        var part = string.Concat(events.Take(random.Next(events.Length - 1)));
        var (broken, _) = await CollectAsync(Played(Encoding.UTF8.GetBytes(part), null));
        BrokenException.Unless(!broken.Contains("Finish", StringComparison.Ordinal), $"half an answer counts as a whole one:\n{part}\n{broken}");
    }

    public override Task EndAsync()
    {
        loopback.Dispose();
        return Task.CompletedTask;
    }

    protected static ModelFacts Model { get; } = new() { Name = "m", Backend = "b", ContextLength = 4_096 };

    protected static ChatRequest Request { get; } = new("hi");

    protected static string Json(string text, Random random) =>
        $"\"{JsonEncodedText.Encode(text, random.Next(2) == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private async Task<string> ReadAsync(byte[] input, Func<int>? cuts) => (await CollectAsync(Played(input, cuts))).All;

    private ServerConnection Played(byte[] input, Func<int>? cuts) => Wire.To(path => path.Contains("chat", StringComparison.Ordinal) ? Wire.Reply(input, Type(input), cuts) : Wire.Nothing());

    // All that came, as text to compare, and the answer alone.
    private async Task<(string All, string Answer)> CollectAsync(ServerConnection server)
    {
        var (all, answer, ends) = (new StringBuilder(), new StringBuilder(), 0);
        try
        {
            await foreach (var delta in Stream(server))
            {
                all.Append(CultureInfo.InvariantCulture, $"{delta}\n");
                answer.Append((delta as ChatDelta.Text)?.Value);
                BrokenException.Unless(ends == 0, "something comes after the end");
                if (delta is ChatDelta.Finish finish)
                {
                    ends++;
                    Check(finish.Usage);
                    BrokenException.Unless(finish.AnsweredBy?.Any(char.IsControl) is not true, "a model's name with control characters");
                }
            }
            BrokenException.Unless(ends == 1, "the stream ends without an end of the answer and without an error");
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
            all.Append(CultureInfo.InvariantCulture, $"{(known as BackendException)?.Failure} {known.Message}");
        }
        return (all.ToString(), answer.ToString());
    }

    // What is not known is null: no figure is negative, or none at all.
    private static void Check(Usage usage)
    {
        foreach (var count in new[] { usage.PromptTokens, usage.AnswerTokens, usage.ReasoningTokens, usage.CachedTokens, usage.PrefillTokens })
            BrokenException.Unless(count is null or >= 0, $"a count of {count}");
        foreach (var speed in new[] { usage.TokensPerSecond, usage.PrefillTokensPerSecond })
            BrokenException.Unless(speed is null or (>= 0 and < double.PositiveInfinity), $"a speed of {speed}");
    }

    private static string Piece(Random random)
    {
        string[] letters = ["a", " ", "\n", "\r\n", "\"", "\\", "é", "🙂", "\u2028", "data: ", "\n\n", "[DONE]", "\t", "<b>", "\u0001", "\u0085", "\uFEFF"];
        return string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => letters[random.Next(letters.Length)]));
    }
}
