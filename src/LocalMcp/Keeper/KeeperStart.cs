using System.ComponentModel;
using System.Diagnostics;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>Starts the keeper so that nothing ties it to this process: not its parent, not its terminal, not its streams.</summary>
internal static class KeeperStart
{
    // A background job of a shell that has gone is nobody's child, and reads /dev/null. What we have inherited ourselves must not go on: whoever reads the
    // other end of it would wait for the keeper's end. Only bash has words for descriptors of two digits and more.
    private const string Detach = """
        for fd in $(ls /dev/fd); do
          case $fd in
            [012]) ;;
            [3-9]) eval "exec $fd>&-" ;;
            *) if [ -n "${BASH_VERSION-}" ]; then eval "exec $fd>&-"; fi ;;
          esac
        done
        "$@" &
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts it, and waits until one can be reached, which may be another one that was quicker; null when it has failed, with what it said.</summary>
    /// <exception cref="BackendException">It cannot be started at all, or who is there belongs to another user, or does not answer.</exception>
    public static async Task<(KeeperConnection? Connection, string Words)> RunAsync(UserEnvironment environment, KeeperPlace place, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var process = Start(environment);
        // Both ends of the keeper's first streams: their end is its end.
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        var ended = Task.WhenAll(output, errors);
        while (true)
        {
            var over = ended.IsCompleted;
            if (await KeeperConnection.OpenAsync(place, clock, cancellationToken) is { } connection)
                return (connection, "");
            if (over)
                return (null, string.Join(' ', await ended).Trim());
            await Task.WhenAny(ended, Task.Delay(Pause, TimeProvider.System, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Process Start(UserEnvironment environment)
    {
        var start = new ProcessStartInfo(Unix.Shell, ["-c", Detach, "local-mcp-start", .. OwnProgram.Command, "engine"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment.Folders)
            start.Environment[name] = value;
        EngineEnvironment.Keep(start.Environment);
        try
        {
            var shell = Process.Start(start)!;
            shell.StandardInput.Close();
            return shell;
        }
        catch (Win32Exception failed)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper {string.Join(' ', OwnProgram.Command)} could not be started: {failed.Message}.", failed);
        }
    }
}
