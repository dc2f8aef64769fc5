using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LocalMcp.Keeper;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>
/// Sessions that chat, while engine, keeper and sessions are killed at random moments. LOCAL_MCP_KILLS says how many are killed (8 by default; 200 take some
/// minutes), LOCAL_MCP_SEED repeats a run.
/// </summary>
public sealed class KillCampaignTests : IDisposable
{
    private const int Sessions = 3;

    private readonly EngineHome home = new();
    private readonly int seed = Number("LOCAL_MCP_SEED") ?? Random.Shared.Next();
    private int answers;
    private int namedEndings;

    [Fact]
    public async Task Whoever_is_killed_every_chat_ends_by_name_nothing_stays_behind_and_the_next_chat_works()
    {
        // No word twice: a scripted model takes it from there. The answer takes some tenths of a second.
        home.Says("long", string.Join(' ', Enumerable.Range(0, 6_000).Select(i => $"w{i:x}")), 16_384).WithSettings("""{ "engine": { "parallel": 2 } }""");
        var random = new Random(seed);
        var talkers = Enumerable.Range(0, Sessions).Select(_ => new Talker(home, Ended)).ToList();
        var processes = new HashSet<int>();
        try
        {
            await Task.WhenAll(talkers.Select(t => t.StartAsync()));
            for (var kills = Number("LOCAL_MCP_KILLS") ?? 8; kills > 0; kills--)
            {
                await PauseAsync(random.Next(50, 1_200));
                var status = await StatusAsync();
                processes.UnionWith(Ids(status));
                await KillAsync(random.Next(100), status, talkers[random.Next(Sessions)]);
            }
            foreach (var talker in talkers)
                await talker.FinishAsync();
            await using var house = home.House();
            Assert.EndsWith("w176f", (await house.AskAsync("hi", "long")).Text, StringComparison.Ordinal);
            processes.UnionWith(Ids(await home.StatusAsync()));
            Assert.Single(home.Place.EngineFolders);
        }
        finally
        {
            foreach (var talker in talkers)
                talker.Dispose();
        }
        await home.Home.StopEngineAsync();
        foreach (var id in processes)
            await Gone.ProcessAsync(id);
        Assert.Equal(["keeper.lock"], Directory.GetFileSystemEntries(home.Home.KeeperFolder).Select(Path.GetFileName));
        Assert.True(answers > 0, $"Not one whole answer among {namedEndings} others. Seed {seed}.");
        TestContext.Current.SendDiagnosticMessage($"{answers} answers, {namedEndings} named endings, seed {seed}");
    }

    public void Dispose() => home.Dispose();

    private void Ended(string text, bool isError)
    {
        var whole = !isError && text.StartsWith("w0 w1 ", StringComparison.Ordinal) && text.Contains("w176f\n\n— long (engine)", StringComparison.Ordinal);
        var named = text.Contains("engine", StringComparison.Ordinal) && (isError || text.Contains("INCOMPLETE", StringComparison.Ordinal));
        Assert.True(whole || named, $"Seed {seed}: {(isError ? "error " : "")}{text[..Math.Min(300, text.Length)]} … {text[^Math.Min(600, text.Length)..]}");
        Interlocked.Increment(ref whole ? ref answers : ref namedEndings);
    }

    private static async Task KillAsync(int dice, KeeperSays.Status? status, Talker talker)
    {
        if (dice < 20)
            await talker.ReplaceAsync();
        else if (dice < 45 && status is not null)
            Kill(status.ProcessId);
        else if (status?.Residents.Select(r => r.ProcessId).FirstOrDefault() is { } engine)
            Kill(engine);
    }

    // A keeper that is just being killed may not answer whole.
    private async Task<KeeperSays.Status?> StatusAsync()
    {
        try
        {
            return await home.Link.StatusAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<int> Ids(KeeperSays.Status? status) => status is null ? [] : status.Residents.Select(r => r.ProcessId).OfType<int>().Append(status.ProcessId);

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has just gone.
        }
    }

    private static async Task PauseAsync(int milliseconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A session that asks one question after the other.</summary>
    private sealed class Talker(EngineHome home, Action<string, bool> ended) : IDisposable
    {
        private RawSession? session;
        private Task talking = Task.CompletedTask;
        private volatile bool enough;
        private volatile bool killed;
        private int asked;

        public async Task StartAsync()
        {
            killed = false;
            session = await RawSession.StartAsync(home.Home, home.Variables);
            talking = TalkAsync(session);
        }

        /// <summary>Kills the session in the middle of whatever it does, and starts another one.</summary>
        public async Task ReplaceAsync()
        {
            killed = true;
            session!.Process.Kill();
            await talking;
            session.Dispose();
            await StartAsync();
        }

        /// <summary>Waits for the end of the last chat.</summary>
        public Task FinishAsync()
        {
            enough = true;
            return talking;
        }

        public void Dispose() => session?.Dispose();

        private async Task TalkAsync(RawSession with)
        {
            while (!enough && !killed)
            {
                try
                {
                    await with.CallAsync(++asked, "chat", """{"prompt":"hi"}""");
                    var result = (await with.AnswerAsync(asked))["result"]!;
                    ended((string)result["content"]![0]!["text"]!, (bool?)result["isError"] ?? false);
                }
                catch (Exception gone) when (killed && gone is IOException or System.Text.Json.JsonException)
                {
                    return;
                }
            }
        }
    }
}
