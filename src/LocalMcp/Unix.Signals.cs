namespace LocalMcp;

// Signals, by the numbers that Linux and macOS share.
internal static partial class Unix
{
    /// <summary>SIGHUP: the terminal has gone.</summary>
    public const int HangUp = 1;

    /// <summary>SIGTERM: end, please.</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal to a process. Who has gone already needs none.</summary>
    public static void Send(int process, int signal) => _ = kill(process, signal);
}
