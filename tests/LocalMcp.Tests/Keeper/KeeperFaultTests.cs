using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using LocalMcp.Keeper;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>Whatever is killed, left behind or replaced, the rest is right.</summary>
public sealed class KeeperFaultTests : IDisposable
{
    private readonly EngineHome home = new();

    [Fact]
    public async Task A_keeper_that_is_killed_takes_its_engine_along_and_the_next_call_starts_a_new_one()
    {
        home.NeverEnds("endless");
        await using var house = home.House();
        using var answer = new LongAnswer(house, "endless");
        await answer.HasBegunAsync();
        var before = await home.StatusAsync();
        await home.KillKeeperAsync();
        var reply = await answer.Reply;
        Assert.StartsWith("tick", reply.Text, StringComparison.Ordinal);
        Assert.Contains("because its keeper was ended", reply.Trouble, StringComparison.Ordinal);
        await Gone.ProcessAsync(before.Residents[0].ProcessId!.Value);
        Assert.Equal(5, (await house.AskAsync("hi", "endless", maxTokens: 5)).Usage.AnswerTokens);
        Assert.NotEqual(before.ProcessId, (await home.StatusAsync()).ProcessId);
        Assert.Single(home.Place.EngineFolders);
    }

    [Fact]
    public async Task A_keeper_that_is_killed_while_calls_wait_for_it_is_replaced_and_they_are_answered()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        using var running = new LongAnswer(house, "endless");
        await running.HasBegunAsync();
        var waiting = house.AskAsync("hi", "endless", maxTokens: 5);
        await home.StatusWhenAsync(s => s.Queue == 1);
        await home.KillKeeperAsync();
        Assert.Equal(5, (await waiting).Usage.AnswerTokens);
        Assert.NotNull((await running.Reply).Trouble);
    }

    [Fact]
    public async Task An_engine_that_is_killed_in_the_middle_leaves_the_text_so_far_and_the_next_call_finds_a_fresh_one()
    {
        home.NeverEnds("endless");
        await using var house = home.House();
        using var answer = new LongAnswer(house, "endless");
        await answer.HasBegunAsync();
        await home.KillEngineAsync();
        var reply = await answer.Reply;
        Assert.StartsWith("tick", reply.Text, StringComparison.Ordinal);
        Assert.Contains("The engine (llama-server) ended in the middle of the call: exit code 137", reply.Trouble, StringComparison.Ordinal);
        Assert.Equal(5, (await house.AskAsync("hi", "endless", maxTokens: 5)).Usage.AnswerTokens);
        Assert.Single((await home.StatusAsync()).Residents);
    }

    [Fact]
    public async Task A_session_that_is_killed_lets_go_of_its_lease_and_its_answer_is_cancelled()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1 } }""");
        using var session = await RawSession.StartAsync(home.Home, home.Variables);
        await session.CallAsync(1, "chat", """{"prompt":"hi"}""");
        await home.StatusWhenFoundAsync(s => s is { Leases: 1, Residents: [{ Running: 1 }] });
        session.Process.Kill();
        await home.StatusWhenAsync(s => s is { Leases: 0, Residents: [{ Running: 0 }] });
        await using var house = home.House();
        Assert.Equal(5, (await house.AskAsync("hi", "endless", maxTokens: 5)).Usage.AnswerTokens);
    }

    [Fact]
    public async Task A_client_sees_the_end_of_its_session_although_the_keeper_lives_on_in_a_session_of_its_own()
    {
        home.Says("one", "I am one.");
        using var session = await RawSession.StartAsync(home.Home, home.Variables);
        await session.CallAsync(1, "chat", """{"prompt":"hi"}""");
        await session.AnswerAsync(1);
        Assert.Equal(0, await session.LeaveAsync());
        Assert.Equal("", await session.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        var keeper = (await home.StatusAsync()).ProcessId;
        Assert.Equal($"{keeper}", await PsAsync(keeper, "pgid"));
        Assert.NotEqual($"{session.Process.Id}", await PsAsync(keeper, "ppid"));
    }

    [Fact]
    public async Task What_a_crash_of_the_machine_left_behind_is_cleared_away()
    {
        home.Says("one", "I am one.");
        // .NET removes the file of a socket that it bound itself, under the name that it was bound to.
        using (Bind(home.Place.Socket + ".moved"))
            File.Move(home.Place.Socket + ".moved", home.Place.Socket);
        Assert.True(File.Exists(home.Place.Socket));
        File.WriteAllText(home.Place.Lock, "");
        var left = Path.GetDirectoryName(home.Place.NewEngineSocket())!;
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task A_keeper_whose_socket_was_removed_ends_and_another_one_takes_its_place()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = await home.StatusAsync();
        File.Delete(home.Place.Socket);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        await Gone.ProcessAsync(before.ProcessId);
        Assert.Single(home.Place.EngineFolders);
    }

    [Fact]
    public async Task A_socket_of_another_user_is_refused()
    {
        var theirs = new KeeperPlace(home.Place.Folder, Unix.User + 1);
        using var listener = Bind(theirs.Socket);
        listener.Listen(1);
        var refused = await Assert.ThrowsAsync<LocalMcp.Backends.BackendException>(() => KeeperConnection.OpenAsync(theirs, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains($"belongs to another user (id {Unix.User}), so nothing is sent there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernel_says_who_is_at_the_other_end()
    {
        using var listener = Bind(home.Place.Socket);
        listener.Listen(1);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(home.Place.Socket));
        Assert.Equal((Unix.User, Environment.ProcessId), Unix.Peer(client));
    }

    [Fact]
    public async Task A_keeper_that_does_not_answer_is_told_as_such_and_stop_kills_it()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = await home.StatusAsync();
        await SignalAsync("STOP", before.ProcessId);
        Assert.Contains($"The engine's keeper (process {before.ProcessId}) is there and does not answer. `local-mcp stop` ends it", await house.FailureAsync("hi", "one"), StringComparison.Ordinal);
        await home.Home.StopEngineAsync();
        await Gone.ProcessAsync(before.Residents[0].ProcessId!.Value);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Fact]
    public async Task A_keeper_that_has_greeted_once_is_told_the_next_wish_at_once_and_its_greeting_is_heard_with_its_words()
    {
        using var listener = Bind(home.Place.Socket);
        listener.Listen(8);
        var hello = $$"""{"is":"hello","protocol":{{KeeperWire.Protocol}},"version":"{{ProgramVersion.Text}}","process_id":1}""";
        var link = home.Link;
        var first = GreetAsync(listener, hello);
        using (var known = await link.OpenAsync(TestContext.Current.CancellationToken))
        {
            await known.SendAsync(new Wish.Lease(), TestContext.Current.CancellationToken);
            await first;
        }
        // Nobody greets before the wish has been said.
        using var next = await link.OpenAsync(TestContext.Current.CancellationToken);
        await next.SendAsync(new Wish.Look(), TestContext.Current.CancellationToken);
        using var visitor = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(visitor);
        using var reader = new StreamReader(stream);
        Assert.Equal("""{"want":"look"}""", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(hello + "\n" + """{"is":"waiting","what":"something"}""" + "\n"), TestContext.Current.CancellationToken);
        Assert.Equal(new KeeperSays.Waiting("something"), await next.NextAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ProgramVersion.Text, next.Greeting?.Version);
    }

    [Fact]
    public async Task A_keeper_greets_whoever_has_said_a_wish_already_with_its_first_words()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(home.Place.Socket), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync("{\"want\":\"look\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Contains("\"is\":\"hello\"", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"is\":\"status\"", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keeper_of_an_older_version_finishes_and_makes_way()
    {
        home.Says("one", "I am one.");
        using var listener = Bind(home.Place.Socket);
        listener.Listen(8);
        var wished = GreetAsync(listener, """{"is":"hello","protocol":0,"version":"0.0.1","process_id":1}""");
        await using var house = home.House();
        var asked = house.AskAsync("hi", "one");
        Assert.Equal("""{"want":"retire"}""", await wished);
        File.Delete(home.Place.Socket);
        listener.Dispose();
        Assert.Equal("I am one.", (await asked).Text);
    }

    [Fact]
    public async Task A_keeper_that_speaks_a_newer_language_is_left_alone_and_the_error_says_what_to_do()
    {
        home.Says("one", "I am one.");
        using var listener = Bind(home.Place.Socket);
        listener.Listen(8);
        _ = GreetAsync(listener, """{"is":"hello","protocol":99,"version":"9.0.0","process_id":1}""");
        await using var house = home.House();
        Assert.Contains("The engine is kept by LocalMcp 9.0.0, and this session still runs", await house.FailureAsync("hi", "one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retiring_keeper_finishes_its_answers_while_the_next_one_waits_for_the_memory()
    {
        home.NeverEnds("endless");
        await using var house = home.House();
        using var running = new LongAnswer(house, "endless");
        await running.HasBegunAsync();
        var before = await home.StatusAsync();
        using (var retire = await home.Link.FindAsync(TestContext.Current.CancellationToken))
            await retire!.SendAsync(new Wish.Retire(), TestContext.Current.CancellationToken);
        await Gone.FileAsync(home.Place.Socket);
        var next = house.AskAsync("hi", "endless", maxTokens: 5);
        Assert.Single(home.Place.EngineFolders);
        await running.StopAsync();
        Assert.Equal(5, (await next).Usage.AnswerTokens);
        await Gone.ProcessAsync(before.ProcessId);
        Assert.Single(home.Place.EngineFolders);
    }

    [Fact]
    public async Task An_engine_program_that_was_updated_on_the_disk_is_started_anew()
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        WriteProgram(program, $"exec {RealEngine.Require()}/llama-server \"$@\"");
        home.Says("one", "I am one.").WithSettings($$"""{ "engine_program": "{{program}}" }""");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = (await home.StatusAsync()).Residents[0].ProcessId;
        await house.AskAsync("hi", "one");
        Assert.Equal(before, (await home.StatusAsync()).Residents[0].ProcessId);
        WriteProgram(program, $"# newer\nexec {RealEngine.Require()}/llama-server \"$@\"");
        await house.AskAsync("hi", "one");
        Assert.NotEqual(before, (await home.StatusAsync()).Residents[0].ProcessId);
    }

    [Fact]
    public async Task An_engine_that_refuses_a_quantized_cache_for_a_model_gets_a_plain_one()
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        WriteProgram(program, $"case \"$*\" in *q8_0*) echo 'llama_init: V cache quantization requires flash_attn' >&2; exit 1 ;; esac\nexec {RealEngine.Require()}/llama-server \"$@\"");
        home.Says("one", "I am one.").WithSettings($$"""{ "engine_program": "{{program}}" }""");
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        Assert.DoesNotContain("--cache-type", (await home.StatusAsync()).Residents[0].CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_place_for_its_sockets_the_error_names_every_folder_and_why()
    {
        home.Says("one", "I am one.");
        var file = Path.Combine(home.Home.Folder, "full");
        File.WriteAllText(file, "");
        await using var house = new House(home.Home, null, [.. home.Variables, ("XDG_RUNTIME_DIR", "/nonexistent"), ("XDG_STATE_HOME", file), ("TMPDIR", file)]);
        var failure = await house.FailureAsync("hi", "one");
        Assert.Contains("there is no folder for the engine's sockets", failure, StringComparison.Ordinal);
        Assert.Contains($"{file}/local-mcp/run: ", failure, StringComparison.Ordinal);
        Assert.Contains("Make room on that disk, or set XDG_RUNTIME_DIR", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_starts_the_engine_does_not_leave_it_behind()
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        WriteProgram(program, $"{RealEngine.Require()}/llama-server \"$@\"\nexit $?");
        home.Says("one", "I am one.").WithSettings($$"""{ "engine_program": "{{program}}" }""");
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        var engine = (await home.StatusAsync()).Residents[0].ProcessId!.Value;
        Assert.Equal(engine, Unix.Listener(KeeperPlace.EngineSocket(Assert.Single(home.Place.EngineFolders))));
        await home.Home.StopEngineAsync();
        await Gone.ProcessAsync(engine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_whose_guard_was_killed_ends_all_the_same(bool withItsKeeper)
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = await home.StatusAsync();
        foreach (var guard in await GuardsAsync())
            Unix.Kill(guard);
        if (withItsKeeper)
            Unix.Kill(before.ProcessId);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        Assert.Single(home.Place.EngineFolders);
        if (!withItsKeeper)
            await home.Home.StopEngineAsync();
        await Gone.ProcessAsync(before.Residents[0].ProcessId!.Value);
    }

    [Fact]
    public async Task A_link_to_nothing_on_the_path_hides_no_engine()
    {
        home.Says("one", "I am one.");
        var folder = Directory.CreateDirectory(Path.Combine(home.Home.Folder, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "llama-server"), "/nonexistent/llama-server");
        await using var house = new House(home.Home, null, [.. home.Variables, ("PATH", $"{folder}:{RealEngine.SearchPath()}")]);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Theory]
    [InlineData("{\"want\":\"run\"}")]
    [InlineData("{\"want\":\"run\",\"model\":{\"name\":\"x\",\"file\":null,\"changed\":0}}")]
    [InlineData("{\"want\":\"run\",\"model\":{\"name\":\"x\",\"file\":\"/x\",\"changed\":0,\"trained_context\":0}}")]
    [InlineData("garbage")]
    public async Task A_wish_that_makes_no_sense_is_refused_and_harms_nobody(string wish)
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = (await home.StatusAsync()).ProcessId;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(home.Place.Socket), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        Assert.Contains("\"is\":\"hello\"", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(wish + "\n"), TestContext.Current.CancellationToken);
        Assert.Contains("does not know this wish", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        Assert.Equal(before, (await home.StatusAsync()).ProcessId);
    }

    [Fact]
    public async Task A_call_right_after_the_engine_died_finds_a_fresh_one()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        for (var times = 0; times < 5; times++)
        {
            await house.AskAsync("hi", "one");
            await home.KillEngineAsync();
            Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        }
    }

    [Theory]
    [InlineData(2, "The engine's keeper cannot write to ")]
    [InlineData(3, "The engine's keeper cannot listen on ")]
    [InlineData(4, "The engine's keeper cannot write to ")]
    [InlineData(5, "couldn't bind HTTP server socket")]
    public async Task A_disk_that_is_full_while_it_starts_is_named(int files, string words)
    {
        home.Says("one", "I am one.");
        var disk = Directory.CreateDirectory(Path.Combine(home.Home.Folder, "disk")).FullName;
        var script = $"mount -t tmpfs -o nr_inodes={files} tmpfs {disk} || exit 99; '{Repository.Program}' chat hi; '{Repository.Program}' stop";
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec unshare --user --map-root-user --mount sh -c \"$1\"", "sh", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in home.Home.Variables([("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), .. home.Variables, ("XDG_RUNTIME_DIR", disk)]))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode is 99 or 1 or 127 && !(await errors).Contains("engine", StringComparison.Ordinal), $"Here nobody may mount a small disk: {await errors}");
        Assert.Contains(words, await errors, StringComparison.Ordinal);
        Assert.StartsWith("The engine ", output, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    internal static void WriteProgram(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Socket Bind(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    // Greets whoever comes, and returns the first wish.
    private static async Task<string?> GreetAsync(Socket listener, string greeting)
    {
        while (true)
        {
            using var visitor = await listener.AcceptAsync(TestContext.Current.CancellationToken);
            await using var stream = new NetworkStream(visitor);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(greeting + "\n"), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream);
            if (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } wish && wish != """{"want":"look"}""")
                return wish;
        }
    }

    // The shells between keeper and engine are those whose command line names this home's folder.
    private async Task<int[]> GuardsAsync()
    {
        using var ps = Process.Start(new ProcessStartInfo("/bin/ps", ["-A", "-ww", "-o", "pid=,args="]) { RedirectStandardOutput = true })!;
        var lines = (await ps.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        await ps.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. lines.Where(line => line.Contains($"local-mcp-engine {home.Home.KeeperFolder}", StringComparison.Ordinal)).Select(line => int.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture))];
    }

    private static async Task<string> PsAsync(int process, string column)
    {
        using var ps = Process.Start(new ProcessStartInfo("/bin/ps", ["-o", $"{column}=", "-p", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var text = await ps.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ps.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text.Trim();
    }

    private static async Task SignalAsync(string name, int process)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
