using System.Text.Json.Nodes;
using LocalMcp.Models;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.State;

public sealed class MeasuredSpeedsTests
{
    private const string Where = "http://127.0.0.1:11434";
    private static readonly ModelFacts Model = new() { Name = "qwen3:8b", Backend = "ollama", Quantization = "Q4_K_M", SizeBytes = 5_000_000_000 };
    private static readonly SpeedSample Sample = new(30.123456, 612.5);

    [Fact]
    public void What_one_session_measures_the_next_one_finds()
    {
        using var home = new TemporaryHome();
        Speeds(home).Record(Model, Where, Sample, "Apple M2 Max");
        var found = Speeds(home).Find(Model, Where, "Apple M2 Max")!;
        Assert.Equal((30.12, 612.5, 1), (found.Decode, found.Prefill, found.Runs));
        Assert.Equal(DateTimeOffset.UnixEpoch, found.Last);
        Assert.Null(Speeds(home).Find(Model, Where));
        Assert.Null(Speeds(home).Find(Model with { SizeBytes = 9_000_000_000 }, Where, "Apple M2 Max"));
    }

    [Fact]
    public void The_file_lies_in_the_folder_for_state_and_is_the_users_alone()
    {
        using var home = new TemporaryHome();
        Speeds(home).Record(Model, Where, Sample);
        var folder = Path.Combine(home.Folder, ".local", "state", "local-mcp");
        Assert.Equal([Path.Combine(folder, "speeds.json")], Directory.GetFiles(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathIn(home)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var elsewhere = Path.Combine(home.Folder, "state");
        new MeasuredSpeeds(home.Environment(("XDG_STATE_HOME", elsewhere)), TimeProvider.System).Record(Model, Where, Sample);
        Assert.True(File.Exists(Path.Combine(elsewhere, "local-mcp", "speeds.json")));
    }

    [Fact]
    public void To_look_makes_nothing()
    {
        using var home = new TemporaryHome();
        Assert.Null(Speeds(home).Find(Model, Where));
        Assert.Empty(Directory.GetFileSystemEntries(home.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"speeds\":[{\"backend\":\"ollama\",\"mod")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    [InlineData("{\"speeds\":\"many\"}")]
    public void A_broken_file_counts_as_empty_and_is_written_anew(string broken)
    {
        using var home = new TemporaryHome();
        Write(home, broken);
        Assert.Null(Speeds(home).Find(Model, Where));
        Speeds(home).Record(Model, Where, Sample);
        Assert.Equal(30.12, Speeds(home).Find(Model, Where)!.Decode);
    }

    [Fact]
    public void A_file_that_is_far_too_large_counts_as_broken()
    {
        using var home = new TemporaryHome();
        Write(home, $"{{\"speeds\":[{{\"backend\":\"ollama\",\"where\":\"{Where}\",\"model\":\"qwen3:8b\",\"decode\":[9]}}]}}{new string(' ', 1_000_000)}");
        Assert.Null(Speeds(home).Find(Model, Where));
        Speeds(home).Record(Model, Where, Sample);
        Assert.Equal(30.12, Speeds(home).Find(Model, Where)!.Decode);
    }

    [Fact]
    public void What_is_wrong_in_the_file_costs_only_what_is_wrong()
    {
        using var home = new TemporaryHome();
        Write(home, $$"""
            {"made_by": "a later version", "speeds": [
              null,
              {"model": "without a backend", "decode": [1]},
              {"backend": "ollama", "where": "{{Where}}", "model": "no figures"},
              {"backend": "ollama", "where": "{{Where}}", "model": "qwen3:8b", "decode": [-1, 0, 20, 22], "prefill": null, "runs": -3, "watts": 30}
            ]}
            """);
        var found = Assert.Single(Speeds(home).Read().All);
        Assert.Equal((21, null, 0), (found.Decode, found.Prefill, found.Runs));
        Assert.Equal(found, Speeds(home).Find(Model, Where), (one, other) => one!.Key == other!.Key);
    }

    [Fact]
    public void The_file_holds_so_many_models_and_no_more()
    {
        using var home = new TemporaryHome();
        var clock = new ManualClock();
        var speeds = new MeasuredSpeeds(home.Environment(), clock);
        for (var i = 0; i < SpeedBook.Most + 3; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            speeds.Record(Model with { Name = $"m{i}" }, Where, Sample);
        }
        Assert.Equal(SpeedBook.Most, JsonNode.Parse(File.ReadAllText(PathIn(home)))!["speeds"]!.AsArray().Count);
        Assert.Null(speeds.Find(Model with { Name = "m2" }, Where));
        Assert.NotNull(speeds.Find(Model with { Name = "m3" }, Where));
    }

    [Fact]
    public async Task Many_that_write_at_once_leave_a_whole_file_at_every_moment()
    {
        using var home = new TemporaryHome();
        Speeds(home).Record(Model, Where, Sample);
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var looks = 0;
            for (; !done.IsCancellationRequested; looks++)
                Assert.NotEmpty(JsonNode.Parse(File.ReadAllText(PathIn(home)))!["speeds"]!.AsArray());
            return looks;
        }, CancellationToken.None);
        // Each with an instance of its own, as sessions have.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            var speeds = Speeds(home);
            for (var i = 0; i < 25; i++)
                speeds.Record(Model with { Name = $"m{writer}" }, Where, Sample);
        })));
        await done.CancelAsync();
        Assert.True(await reading > 0);
        Assert.InRange(Speeds(home).Read().All.Count, 1, 9);
        Assert.Equal([PathIn(home)], Directory.GetFiles(Path.GetDirectoryName(PathIn(home))!));
    }

    [Fact]
    public void Threads_of_one_session_lose_nothing()
    {
        using var home = new TemporaryHome();
        var speeds = Speeds(home);
        Parallel.For(0, 40, i => speeds.Record(Model with { Name = $"m{i % 4}" }, Where, Sample));
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(10, speeds.Find(Model with { Name = $"m{i}" }, Where)!.Runs));
    }

    [Fact]
    public void Where_nothing_can_be_written_nothing_happens()
    {
        using var home = new TemporaryHome();
        File.WriteAllText(Path.Combine(home.Folder, ".local"), "a file where the folder should be");
        Speeds(home).Record(Model, Where, Sample);
        Assert.Null(Speeds(home).Find(Model, Where));
        using var other = new TemporaryHome();
        Directory.CreateDirectory(PathIn(other));
        Speeds(other).Record(Model, Where, Sample);
        Assert.Null(Speeds(other).Find(Model, Where));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(PathIn(other))!));
    }

    private static MeasuredSpeeds Speeds(TemporaryHome home) => new(home.Environment(), new ManualClock());

    private static string PathIn(TemporaryHome home) => home.Environment().SpeedsFile;

    private static void Write(TemporaryHome home, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathIn(home))!);
        File.WriteAllText(PathIn(home), text);
    }
}
