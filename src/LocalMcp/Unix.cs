using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LocalMcp;

/// <summary>The few calls of the system that .NET has no name for.</summary>
internal static partial class Unix
{
    private const int LinuxSocketLevel = 1;
    private const int LinuxPeerCredentials = 17;
    private const int MacLocalLevel = 0;
    private const int MacPeerCredentials = 1;
    private const int MacPeerProcess = 2;

    /// <summary>A shell for the few lines that .NET cannot do: bash where it is, for it knows more.</summary>
    public static string Shell { get; } = File.Exists("/bin/bash") ? "/bin/bash" : "/bin/sh";

    /// <summary>The user that this process acts for.</summary>
    public static uint User => geteuid();

    /// <summary>Makes this process the leader of a process session of its own: no terminal, no signals that are meant for somebody else's group.</summary>
    public static void LeadOwnSession() => _ = setsid();

    /// <summary>Puts /dev/null in the place of standard input, output and error, so that nothing is written to where nobody reads any more.</summary>
    public static void LetGoOfStandardStreams()
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        for (var stream = 0; stream <= 2; stream++)
            _ = dup2(nothing.DangerousGetHandle().ToInt32(), stream);
    }

    /// <summary>A connection to a Unix socket, as HTTP over it wants one.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// User and process at the other end of a connected Unix socket, as the kernel says it; null for what it does not say.
    /// Linux: SO_PEERCRED, unix(7). macOS: LOCAL_PEERCRED and LOCAL_PEERPID, sys/un.h.
    /// </summary>
    public static (uint? User, int? Process) Peer(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
                var credentials = Option(socket, LinuxSocketLevel, LinuxPeerCredentials, 12);
                return (BitConverter.ToUInt32(credentials, 4), BitConverter.ToInt32(credentials, 0));
            }
            // struct xucred { u_int cr_version; uid_t cr_uid; … }
            return (BitConverter.ToUInt32(Option(socket, MacLocalLevel, MacPeerCredentials, 76), 4), BitConverter.ToInt32(Option(socket, MacLocalLevel, MacPeerProcess, 4), 0));
        }
        catch (SocketException)
        {
            return (null, null);
        }
    }

    /// <summary>The process that listens on a Unix socket, as the kernel says it; null when nobody does, or it does not say.</summary>
    public static int? Listener(string path)
    {
        // A listener that is stopped, with a full queue, must not stop whoever asks.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return Peer(socket).Process;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends SIGKILL to a process, or, with a negative number, to a group of processes. Who has gone already needs none.</summary>
    public static void Kill(int process) => _ = kill(process, 9);

    private static byte[] Option(Socket socket, int level, int name, int length)
    {
        var value = new byte[length];
        socket.GetRawSocketOption(level, name, value);
        return value;
    }

    // SYSLIB1054: source-generated marshalling wants unsafe code in the project; these have nothing to marshal.
#pragma warning disable SYSLIB1054, IDE1006
    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern int setsid();

    [DllImport("libc")]
    private static extern int kill(int process, int signal);

    [DllImport("libc")]
    private static extern int dup2(int from, int to);
#pragma warning restore SYSLIB1054, IDE1006
}
