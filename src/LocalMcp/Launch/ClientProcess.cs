using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LocalMcp.Launch;

/// <summary>
/// A client that takes the terminal over. While it runs, what a terminal sends to both (Ctrl-C, Ctrl-\) is the client's to answer; what is sent to us alone is handed on.
/// </summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Lock guarding = new();
    private readonly List<PosixSignalRegistration> registrations;
    private int client;
    private int before;

    private ClientProcess() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => HandOn(context, Unix.Terminate)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => HandOn(context, Unix.HangUp)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true),
    ];

    /// <summary>Runs a program in our terminal, to its end.</summary>
    /// <returns>Its exit code; 128 and the number of the signal that ended it.</returns>
    /// <exception cref="LocalMcpException">It cannot be started.</exception>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyList<Variable> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var variable in variables)
        {
            if (variable.Value is { } value)
                start.Environment[variable.Name] = value;
            else
                start.Environment.Remove(variable.Name);
        }
        using var signals = new ClientProcess();
        using var running = Start(start);
        signals.Begin(running.Id);
        await running.WaitForExitAsync(CancellationToken.None);
        signals.End();
        return running.ExitCode;
    }

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cannot)
        {
            throw new LocalMcpException($"{start.FileName} cannot be started: {cannot.Message.TrimEnd('.')}. Try it by hand, and install it anew if it does not start there either.", cannot);
        }
    }

    private void Begin(int process)
    {
        lock (guarding)
        {
            client = process;
            if (before != 0)
                Unix.Send(process, before);
        }
    }

    // From now on its number may be another's.
    private void End()
    {
        lock (guarding)
            client = 0;
    }

    private void HandOn(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        lock (guarding)
        {
            if (client != 0)
                Unix.Send(client, signal);
            else
                before = signal;
        }
    }
}
