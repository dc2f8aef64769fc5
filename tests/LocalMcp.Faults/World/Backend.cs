using System.Diagnostics;
using LocalMcp.FakeServer;

namespace LocalMcp.Faults.World;

/// <summary>A model server as a process, behind a relay: sessions know the relay's address, so it can go and come again.</summary>
internal sealed class Backend(string kind, string model, string folder) : IAsyncDisposable
{
    private readonly HashSet<string> answers = [];
    private readonly SemaphoreSlim replacing = new(1, 1);
    private Process? process;

    public string Model => model;

    public string Kind => kind;

    public Relay Relay { get; } = new();

    /// <summary>What it says when nothing is the matter with it.</summary>
    public string Answer { get; } = string.Join(' ', Enumerable.Range(1, 60).Select(number => $"{model}{number}"));

    /// <summary>Whether an answer with this text can have come from it.</summary>
    public bool CanHaveSaid(string text)
    {
        lock (answers)
            return Relay.HasLied || answers.Contains(text);
    }

    /// <summary>Starts it in order.</summary>
    public Task StartAsync() => StartAsync("plain", "--answer", Answer);

    /// <summary>Starts it in place of the one that runs, as this scenario of the fake server, with further knobs.</summary>
    public async Task StartAsync(string scenario, params string[] knobs)
    {
        // The repair of one fault may meet another one.
        await replacing.WaitAsync();
        try
        {
            await ReplaceAsync(scenario, knobs);
        }
        finally
        {
            replacing.Release();
        }
    }

    private async Task ReplaceAsync(string scenario, string[] knobs)
    {
        Kill();
        Remember(Array.IndexOf(knobs, "--answer") is >= 0 and var at ? knobs[at + 1] : Scenarios.ByName[scenario].Answer);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fake-server"), ["--scenario", scenario, "--kind", kind, "--model", model, "--until-stdin-closes", .. knobs])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;
        var started = Process.Start(start)!;
        process = started;
        started.BeginErrorReadLine();
        // Killed again before it was there: then the next one counts.
        if (await started.StandardOutput.ReadLineAsync() is { } line && process == started)
            Relay.Upstream = new Uri(line["listening on ".Length..]).Port;
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        Relay.Upstream = 0;
        if (Interlocked.Exchange(ref process, null) is not { } running)
            return;
        running.Kill();
        running.WaitForExit();
        running.Dispose();
    }

    public void Send(Signal signal)
    {
        if (process is { HasExited: false } running)
            Proc.Send(running.Id, signal);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Relay.DisposeAsync();
        replacing.Dispose();
    }

    private void Remember(string answer)
    {
        lock (answers)
            answers.Add(answer.Trim());
    }
}
