using System.Diagnostics;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Pull;

/// <summary><c>local-mcp pull</c> as the built program: interrupted, killed, and several at once.</summary>
public sealed class PullVerbTests : IDisposable
{
    private const string File = "model-Q4_K_M.gguf";
    private const int Half = 50_000;
    private const string Token = "hf_secretsecretsecret";

    private readonly TemporaryHome home = new();
    private readonly byte[] content = PullHome.Model();

    private string Target => Path.Combine(home.ModelFolder, "owner", "repo", File);

    [Fact]
    public async Task The_result_is_on_standard_output_with_the_name_to_use_it_by()
    {
        await using var hub = await HubAsync();
        var run = await Verb.RunAsync(home, Variables(hub), "pull", "hf:owner/repo");
        Assert.Equal((0, $"model-Q4_K_M is there now: {Target}, 103 KB. Use it with `local-mcp use model-Q4_K_M`.\n"), (run.ExitCode, run.Output));
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(Target));
        var again = await Verb.RunAsync(home, Variables(hub), "pull", "hf:owner/repo");
        Assert.StartsWith("model-Q4_K_M was there already, and is as it should be: ", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_on_standard_error_and_the_token_nowhere()
    {
        await using var hub = await HubAsync();
        var run = await Verb.RunAsync(home, [.. Variables(hub), ("HF_TOKEN", Token)], "pull", "hf:owner/other");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("has no repository owner/other", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, run.Errors, StringComparison.Ordinal);
        Assert.All(hub.Requests, request => Assert.Equal($"Bearer {Token}", request.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("KILL", 137)]
    public async Task Whatever_ends_it_leaves_a_part_from_which_the_next_one_goes_on(string signal, int exitCode)
    {
        await using var hub = await HubAsync(new HubOptions { HoldAfter = Half });
        using var pull = Start(hub);
        await UntilPartHoldsAsync(Half);
        Signal(signal, pull.Id);
        var errors = await pull.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pull.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(exitCode, pull.ExitCode);
        if (signal == "INT")
            Assert.EndsWith("Stopped. What has come so far stays; the same command goes on from there.", errors.Trim(), StringComparison.Ordinal);
        Assert.Equal(Half, new FileInfo(Target + ".part").Length);
        Assert.False(System.IO.File.Exists(Target));

        hub.Options = hub.Options with { HoldAfter = null };
        Assert.Equal(0, (await Verb.RunAsync(home, Variables(hub), "pull", "hf:owner/repo")).ExitCode);
        Assert.Equal($"bytes={Half}-", hub.Downloads[^1].Headers["Range"]);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Of_two_at_once_one_downloads_and_the_other_waits_for_it()
    {
        await using var hub = await HubAsync(new HubOptions { HoldAfter = Half });
        using var first = Start(hub);
        await UntilPartHoldsAsync(Half);
        using var second = Start(hub);
        var note = "";
        while (!note.Contains("Another pull brings", StringComparison.Ordinal))
            note = await second.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException(note);
        hub.Release();
        foreach (var pull in new[] { first, second })
        {
            await pull.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, pull.ExitCode);
        }
        Assert.Single(hub.Downloads);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Who_waited_for_one_that_was_killed_goes_on_from_its_part()
    {
        await using var hub = await HubAsync(new HubOptions { HoldAfter = Half });
        using var first = Start(hub);
        await UntilPartHoldsAsync(Half);
        using var second = Start(hub);
        var note = "";
        while (!note.Contains("Another pull brings", StringComparison.Ordinal))
            note = await second.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException(note);
        hub.Options = hub.Options with { HoldAfter = null };
        first.Kill();
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, second.ExitCode);
        Assert.Equal($"bytes={Half}-", hub.Downloads[^1].Headers["Range"]);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task On_a_terminal_there_is_a_bar_and_the_notes_stay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.IO.File.Exists("/usr/bin/script"), "no script program, which makes a terminal");
        await using var hub = await HubAsync(new HubOptions { HoldAfter = Half });
        using var pull = Start(hub, "/usr/bin/script", "-qec", $"TERM=xterm-256color {Repository.Program} pull hf:owner/repo", "/dev/null");
        var seen = "";
        var buffer = new char[1000];
        while (!seen.Contains("48 %, 50 KB of 103 KB", StringComparison.Ordinal))
            seen += new string(buffer, 0, await pull.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count ? count : throw new EndOfStreamException(seen));
        hub.Release();
        seen += await pull.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pull.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, pull.ExitCode);
        Assert.Contains($"{File} (103 KB) of owner/repo, commit ccccccc.", seen, StringComparison.Ordinal);
        Assert.Contains("━", seen, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private static (string Name, string Value)[] Variables(FakeHub hub) => [("HF_ENDPOINT", hub.BaseUrl), ("LOCAL_MCP_URL", ClosedPort.Url())];

    private Task<FakeHub> HubAsync(HubOptions? options = null) => FakeHub.StartAsync((options ?? new HubOptions()) with { Repositories = HubOptions.With("owner/repo", (File, content)) });

    private Process Start(FakeHub hub) => Start(hub, Repository.Program, "pull", "hf:owner/repo");

    private Process Start(FakeHub hub, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables([("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), .. Variables(hub)]))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task UntilPartHoldsAsync(int bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (new FileInfo(Target + ".part") is not { Exists: true } part || part.Length < bytes)
            await tick.WaitForNextTickAsync(patience.Token);
    }

    private static void Signal(string name, int process)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", process.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
