using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Backends.OpenAi;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>
/// An engine with one model, which listens on a Unix socket in a folder of its own that only this user may enter. It ends with this object, and with
/// this process however that ends: a guard of a few lines of sh reads our end of a pipe and ends the engine at its end of file.
/// </summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    // A shell gives background jobs /dev/null for standard input, so the pipe goes on as descriptor 3. With set -m the engine leads a group of its own, so that
    // a script that starts the engine's program does not die alone; a plain sh without a terminal cannot do that. The guard outlives nothing: it ends with the
    // engine. The folder goes last of all: as long as it is there, the engine may be.
    private const string Guard = """
        folder=$1; shift
        exec 3<&0 4>&2 2>/dev/null
        if [ -n "${BASH_VERSION-}" ]; then set -m; fi
        "$@" </dev/null 2>&4 3<&- 4>&- &
        engine=$!
        set +m
        echo "local-mcp-engine $engine"
        end() { kill "$1" -- "-$engine" || kill "$1" "$engine"; }
        (
          exec 4>&- >/dev/null
          while read -r _ <&3; do :; done
          end -TERM
          tries=0
          while kill -0 "$engine" && [ "$tries" -lt 5 ]; do sleep 0.1; tries=$((tries + 1)); done
          end -KILL
        ) &
        watcher=$!
        exec 3<&- 4>&-
        wait "$engine"
        code=$?
        end -KILL
        kill "$watcher"
        rm -rf -- "$folder"
        exit "$code"
        """;

    private const string ProcessLine = "local-mcp-engine ";
    private static readonly string[] TellingWords = ["error", "failed", "couldn't"];
    private const int KeptLines = 60;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly Process guard;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TimeProvider clock;
    private readonly ServerConnection server;
    private readonly Task<int> exit;
    private int processId;

    private EngineProcess(Process guard, EnginePlan plan, string socket, Limits limits, TimeProvider clock)
    {
        (this.guard, Plan, Socket, this.clock) = (guard, plan, socket, clock);
        server = new ServerConnection($"The engine ({plan.Engine.Label})", new Uri("http://engine/"), "The next call starts it again", "", limits, clock, socket);
        guard.OutputDataReceived += (_, line) => Keep(line.Data);
        guard.ErrorDataReceived += (_, line) => Keep(line.Data);
        guard.BeginOutputReadLine();
        guard.BeginErrorReadLine();
        exit = WaitForExitAsync();
    }

    public EnginePlan Plan { get; }

    public string Socket { get; }

    public bool HasExited => exit.IsCompleted;

    /// <summary>The engine's own process, not its guard; null before it is known.</summary>
    public int? ProcessId => processId > 0 ? processId : null;

    /// <summary>Resident memory in bytes, mapped weights included; null when the system does not say.</summary>
    public long? Memory
    {
        get
        {
            try
            {
                using var engine = ProcessId is { } id ? Process.GetProcessById(id) : null;
                return engine?.WorkingSet64 is > 0 and var bytes ? bytes : null;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
            {
                return null;
            }
        }
    }

    /// <summary>Starts the engine; it has the model when <see cref="LookAsync"/> says so.</summary>
    /// <exception cref="BackendException">The program cannot be started.</exception>
    public static EngineProcess Start(KeeperPlace place, EnginePlan plan, Limits limits, TimeProvider clock)
    {
        var socket = place.NewEngineSocket();
        try
        {
            var folder = Path.GetDirectoryName(socket)!;
            // llama.cpp also loads backend libraries that lie in the current folder: that must not be the user's project.
            var start = new ProcessStartInfo(Unix.Shell, ["-c", Guard, "local-mcp-engine", folder, plan.Engine.Program, .. plan.Arguments, "--host", socket])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            };
            EngineEnvironment.Keep(start.Environment);
            return new EngineProcess(Process.Start(start)!, plan, socket, limits, clock);
        }
        catch (Exception failed) when (failed is Win32Exception or IOException)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine {plan.Engine.Program} could not be started: {failed.Message.TrimEnd('.')}. `local-mcp doctor` shows which engine is used.", failed);
        }
    }

    /// <summary>Looks how far it is.</summary>
    /// <exception cref="BackendException">It says something that is not understood.</exception>
    public async Task<EngineHealth> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var health = await server.GetAsync("health", cancellationToken);
            if (!health.Succeeded)
                return new EngineHealth(false, Percent(health.Body), null);
            // A script may stand before the program: who listens is the engine.
            processId = Unix.Listener(Socket) ?? processId;
            var props = await server.GetAsync("props", cancellationToken);
            return new EngineHealth(true, null, props.Succeeded ? OpenAiWire.Served(props.Body) : new OpenAiWire.ServedModel());
        }
        catch (BackendException notYet) when (notYet.Failure is BackendFailure.Unreachable or BackendFailure.Dropped)
        {
            return new EngineHealth(false, null, null);
        }
    }

    /// <summary>Completes when the process is gone, for whatever reason, with its exit code and its last words.</summary>
    public async Task<string> ExitAsync() => $"exit code {(await exit).ToString(CultureInfo.InvariantCulture)}, {LastWords}";

    /// <summary>Asks the engine to end and waits until it is gone, which the guard sees to within a second or so.</summary>
    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        try
        {
            guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has gone already.
        }
        // The guard sees to the end of a slow engine, with SIGKILL after half a second. If it cannot, because somebody has stopped or killed a part of it, we do.
        if (guard.HasExited || await Task.WhenAny(exit, Task.Delay(LongestEnd, TimeProvider.System, CancellationToken.None)) != exit)
            await KillAsync();
        guard.Dispose();
        TryRemove(Path.GetDirectoryName(Socket)!);
    }

    /// <summary>Kills whoever listens on an engine's socket, and returns when nobody does any more, or after five seconds.</summary>
    public static async Task KillListenerAsync(string socket)
    {
        using var patience = new CancellationTokenSource(LongestEnd, TimeProvider.System);
        while (!patience.IsCancellationRequested && Unix.Listener(socket) is { } listener)
        {
            Unix.Kill(listener);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task KillAsync()
    {
        await KillListenerAsync(Socket);
        if (processId > 0 && !exit.IsCompleted)
        {
            Unix.Kill(-processId);
            Unix.Kill(processId);
        }
        if (!guard.HasExited)
            guard.Kill();
        await Task.WhenAny(exit, Task.Delay(LongestEnd, TimeProvider.System, CancellationToken.None));
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Its guard did so.
        }
    }

    /// <summary>The cause stands in the lines with error and the like in them; the very last line is often only a farewell.</summary>
    public string LastWords
    {
        get
        {
            var all = lines.ToArray();
            var telling = all.Where(line => Array.Exists(TellingWords, word => line.Contains(word, StringComparison.OrdinalIgnoreCase))).TakeLast(2).ToArray();
            var words = telling.Length > 0 ? telling : all.TakeLast(1).ToArray();
            return words.Length == 0 ? "it said nothing" : $"it said \"{ServerWords.Shorten(string.Join(" / ", words))}\"";
        }
    }

    /// <summary>Whether any of its lines has this word, in any letter case.</summary>
    public bool HasSaid(string word) => lines.Any(line => line.Contains(word, StringComparison.OrdinalIgnoreCase));

    private async Task<int> WaitForExitAsync()
    {
        await guard.WaitForExitAsync();
        return guard.ExitCode;
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        if (processId == 0 && line.StartsWith(ProcessLine, StringComparison.Ordinal) && int.TryParse(line.AsSpan(ProcessLine.Length), CultureInfo.InvariantCulture, out var id))
        {
            processId = id;
            return;
        }
        lines.Enqueue(line);
        while (lines.Count > KeptLines)
            lines.TryDequeue(out _);
    }

    // 0 to 1 in a field of the answer, from engines that tell.
    private static int? Percent(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("progress", out var progress) && progress.TryGetDouble(out var part) ? (int)(Math.Clamp(part, 0, 1) * 100) : null;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>How far an engine is.</summary>
/// <param name="Percent">Of the load; null when it does not tell, or is ready.</param>
/// <param name="Served">What it serves; null before it is ready.</param>
internal sealed record EngineHealth(bool Ready, int? Percent, OpenAiWire.ServedModel? Served);
