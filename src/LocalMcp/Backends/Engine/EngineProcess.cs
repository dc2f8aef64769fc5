using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LocalMcp.Chat;
using LocalMcp.State;

namespace LocalMcp.Backends.Engine;

/// <summary>
/// A llama-server with one model, which listens on a Unix socket in a folder of its own that only this user may enter. It ends with
/// this object, and with this process however that ends: a guard of a few lines of sh reads our end of a pipe and ends the engine at its end of file.
/// </summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    // sh gives background jobs /dev/null for standard input, so the pipe goes on as descriptor 3. The guard outlives nothing: it ends with the engine.
    private const string Guard = """
        folder=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        engine=$!
        (
          while read -r _ <&3; do :; done
          kill "$engine"
          tries=0
          while kill -0 "$engine" && [ "$tries" -lt 5 ]; do sleep 0.1; tries=$((tries + 1)); done
          kill -9 "$engine"
        ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait "$engine"
        code=$?
        kill "$watcher" 2>/dev/null
        rm -rf -- "$folder"
        exit "$code"
        """;

    private const int KeptLines = 60;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeaveTime = TimeSpan.FromMilliseconds(300);

    private readonly Process guard;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Limits limits;
    private readonly TimeProvider clock;

    private EngineProcess(Process guard, string model, string socket, Limits limits, TimeProvider clock)
    {
        (this.guard, Model, this.limits, this.clock) = (guard, model, limits, clock);
        Server = new ServerConnection("The engine (llama-server)", new Uri("http://engine/"), "The next call starts it again", "", limits, clock, socket);
        guard.OutputDataReceived += (_, line) => Keep(line.Data);
        guard.ErrorDataReceived += (_, line) => Keep(line.Data);
        guard.BeginOutputReadLine();
        guard.BeginErrorReadLine();
    }

    /// <summary>Name of the model that it serves.</summary>
    public string Model { get; }

    public ServerConnection Server { get; }

    public bool HasExited => guard.HasExited;

    /// <summary>Starts the engine; it is not ready before <see cref="LoadAsync"/> has ended.</summary>
    /// <param name="contextLength">In tokens.</param>
    /// <exception cref="BackendException">The program cannot be started.</exception>
    public static EngineProcess Start(IReadOnlyList<string> socketPlaces, string program, string model, string file, int contextLength, Limits limits, TimeProvider clock)
    {
        var socket = EngineSocket.Create(socketPlaces);
        // llama.cpp also loads backend libraries that lie in the current folder: that must not be the user's project.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(socket)! };
        string[] arguments =
        [
            "-c", Guard, "local-mcp-engine", Path.GetDirectoryName(socket)!,
            program, "--model", file, "--alias", model, "--host", socket, "--ctx-size", $"{contextLength}", "--no-webui",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            return new EngineProcess(Process.Start(start)!, model, socket, limits, clock);
        }
        catch (System.ComponentModel.Win32Exception failed)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine {program} could not be started: {failed.Message}. `local-mcp doctor` shows which engine is used.", failed);
        }
    }

    /// <summary>Signs of life until the model is loaded.</summary>
    /// <exception cref="BackendException">It ended, or the load limit ran out.</exception>
    public async IAsyncEnumerable<ChatDelta> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var told = TimeSpan.Zero;
        while (!await IsReadyAsync(cancellationToken))
        {
            if (HasExited)
                throw new BackendException(BackendFailure.Refused, $"The engine could not load {Model}: {LastWords()}. Check that the file is a whole GGUF model and that it fits into memory, or choose another model with set_model.");
            var waited = clock.GetElapsedTime(started);
            if (waited >= limits.Load)
                throw new BackendException(BackendFailure.Loading, $"The engine had not loaded {Model} after {limits.LoadMinutes} min. Choose a smaller model with set_model, or raise limits.load_minutes in settings.json.");
            if (waited - told >= TimeSpan.FromSeconds(1) || told == TimeSpan.Zero)
            {
                told = waited;
                yield return new ChatDelta.Progress($"loading {Model}");
            }
            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    /// <summary>Waits a moment for the end of a process that seems to have died, and returns its exit code with its last words; null when it is alive.</summary>
    public async Task<string?> ObituaryAsync()
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
        try
        {
            await guard.WaitForExitAsync(moment.Token);
            return $"exit code {guard.ExitCode}, {LastWords()}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks the engine to end and waits until it is gone, which the guard sees to within a second or so.</summary>
    public Task EndAsync() => EndAsync(TimeSpan.FromSeconds(5));

    public async ValueTask DisposeAsync()
    {
        Server.Dispose();
        await EndAsync(LeaveTime);
        guard.Dispose();
    }

    private async Task EndAsync(TimeSpan longest)
    {
        guard.StandardInput.Close();
        using var patience = new CancellationTokenSource(longest, clock);
        try
        {
            await guard.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The guard sees to the end of a slow engine, with SIGKILL after half a second.
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Server.GetAsync("health", cancellationToken)).Succeeded;
        }
        catch (BackendException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lines.Enqueue(line);
        while (lines.Count > KeptLines)
            lines.TryDequeue(out _);
    }

    // The cause stands in the lines with error or failed in them; the very last line is often only a farewell.
    private string LastWords()
    {
        var all = lines.ToArray();
        var telling = all.Where(l => l.Contains("error", StringComparison.OrdinalIgnoreCase) || l.Contains("failed", StringComparison.OrdinalIgnoreCase)).TakeLast(2).ToArray();
        var words = telling.Length > 0 ? telling : all.TakeLast(1).ToArray();
        return words.Length == 0 ? "it said nothing" : $"it said \"{ServerWords.Shorten(string.Join(" / ", words))}\"";
    }
}
