using System.Text;
using LocalMcp.Keeper;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Stats;
using LocalMcp.Tests.Support;
using LocalMcp.Workspace;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// What lies in the user's folders, and what keeper and sessions say to each other: the same bytes are given to every reader. What is kept for convenience is never an
/// error; what counts is understood or an error with a sentence; and what is broken can be written anew.
/// </summary>
internal sealed class StateFuzzer : Fuzzer
{
    // One in so many is written anew: that goes through to the disk.
    private const int Writes = 25;

    private static readonly SpeedKey Key = new("chip", "ollama", "http://127.0.0.1:11434", null, "m", null, null);

    private readonly TemporaryHome home = new();
    private readonly UserEnvironment environment;

    public StateFuzzer()
    {
        environment = home.Environment();
        foreach (var folder in new[] { environment.ConfigFolder, environment.StateFolder, environment.StatsFolder })
            Directory.CreateDirectory(folder);
    }

    public override string Name => "state";

    public override int Rounds => 1_500;

    public override IReadOnlyList<string> Tokens =>
    [
        "ollama/m", "\nforced", "\nforced\n", "\"speeds\":[", "\"decode\":[1e999]", "\"prefill\":[-1,0,5]", "\"runs\":2147483647", "\"last\":\"9999-12-31T23:59:59Z\"", "\"last\":\"0001-01-01T00:00:00+14:00\"", "\"at\":\"2026-11-21T10:00:00Z\"",
        "\"want\":\"run\"", "\"want\":\"look\"", "\"want\":7", "\"is\":\"ready\"", "\"is\":\"hello\"", "\"is\":\"status\"", "\"is\":\"failed\"", "\"failure\":\"Dropped\"", "\"failure\":\"No\"", "\"failure\":999", "\"shape\":{\"layers\":-1}", "\"residents\":[null]", "\"warnings\":[null]", "\"model\":null",
        "\"permissions\":{\"deny\":[\"Read(./x)\"]}", "\"permissions\":null", "\"deny\":[7]", "\"settings\":{", "\"tool\":\"chat\"", "\"ending\":\"ok\"", "\"seconds\":1e999",
    ];

    public override Task TryAsync(byte[] input, Random random)
    {
        ReadActive(input, writes: random.Next(Writes) == 0);
        ReadSpeeds(input);
        ReadStats(input);
        ReadRules(input);
        foreach (var line in Encoding.UTF8.GetString(input).Split('\n'))
            Hear(line);
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        home.Dispose();
        return Task.CompletedTask;
    }

    private void ReadActive(byte[] input, bool writes)
    {
        File.WriteAllBytes(environment.ActiveModelFile, input);
        var active = new ActiveModel(environment);
        try
        {
            BrokenException.Unless(active.Read() is not { } id || (id.Length > 0 && !id.Any(char.IsControl)), "an active model that is no line");
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
        }
        _ = active.IsForced("ollama/m");
        if (!writes)
            return;
        active.Write("ollama/m");
        BrokenException.Unless(active.Read() == "ollama/m" && !active.IsForced("ollama/m"), "the active model cannot be written anew");
    }

    private static void ReadSpeeds(byte[] input)
    {
        if (MeasuredSpeedsWire.Parse(input) is not { } book)
            return;
        foreach (var speed in book.All)
            BrokenException.Unless(speed is { Decode: null or (> 0 and < 1e7), Prefill: null or (> 0 and < 1e7), Runs: >= 0 }, $"a speed that cannot be: {speed}");
        var text = MeasuredSpeedsWire.Text(book);
        BrokenException.Unless(MeasuredSpeedsWire.Parse(text) is { } again && again.All.Count == book.All.Count, "speeds that are not read again");
        book = book.With(Key, new SpeedSample(10, null), DateTimeOffset.UnixEpoch);
        BrokenException.Unless(book.All.All(speed => speed.Runs >= 0), "a negative number of runs");
        BrokenException.Unless(MeasuredSpeedsWire.Parse(MeasuredSpeedsWire.Text(book)) is not null, "speeds that cannot be kept");
    }

    private void ReadStats(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(environment.StatsFolder, "calls-2026-11.jsonl"), input);
        var now = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var calls = new CallLog(environment, new SettingsFile(environment), TimeProvider.System).Since(now.AddDays(-20)).ToList();
        _ = StatsText.Of(calls, 20, TimeZoneInfo.Utc);
    }

    private void ReadRules(byte[] input)
    {
        var path = Path.Combine(home.Folder, "rules.json");
        File.WriteAllBytes(path, input);
        try
        {
            if (ClaudeRulesFile.Read(path) is { } rules)
                _ = new RuleSet([.. rules.Deny, .. rules.Ask], new RuleBases([home.Folder], [home.Folder], home.Folder), rule => rule).Why($"{home.Folder}/secret/x.txt", isFolder: false, writing: true);
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
        }
    }

    private static void Hear(string line)
    {
        if (KeeperWire.Wish(line) is { } wish)
        {
            _ = wish is Wish.Run run && run.Model.IsSound;
            BrokenException.Unless(Same(KeeperWire.Line(wish), KeeperWire.Wish, KeeperWire.Line), $"a wish that is not read again: {wish}");
        }
        if (KeeperWire.Says(line) is { } says)
            BrokenException.Unless(Same(KeeperWire.Line(says), KeeperWire.Says, KeeperWire.Line), $"words of the keeper that are not read again: {says}");
    }

    private static bool Same<T>(byte[] line, Func<string, T?> read, Func<T, byte[]> write)
        where T : class => line.Count(letter => letter == (byte)'\n') == 1 && read(Encoding.UTF8.GetString(line)) is { } again && write(again).AsSpan().SequenceEqual(line);
}
