using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace LocalMcp.Cli;

/// <summary>Where the verbs write: results to standard output, everything else to standard error; colours, tables and live lines only on a terminal.</summary>
internal sealed class Terminal
{
    public Terminal()
    {
        // The one place that may touch standard output: no protocol runs on it while a verb other than serve does.
#pragma warning disable RS0030
        var results = new StreamWriter(OpenResults(), new UTF8Encoding(false)) { AutoFlush = true };
        Results = IsTerminal ? new HarmlessWriter(results) : results;
        Rich = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(results) });
        Notes = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
#pragma warning restore RS0030
    }

    // The console's own stream swallows the end of a pipe, and a command would go on for a reader that has left. A file stream on the pipe
    // does not; on a file it would write at a place of its own, over what others write there.
    private static Stream OpenResults()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
#pragma warning disable RS0030
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
#pragma warning restore RS0030
    }

    /// <summary>Standard output: to a pipe or a file as it is, to a terminal without what an answer could command it with.</summary>
    public TextWriter Results { get; }

    /// <summary>Standard output for tables; only where <see cref="IsTerminal"/>.</summary>
    public IAnsiConsole Rich { get; }

    /// <summary>Standard error for live lines; only where <see cref="NotesAreSeen"/>.</summary>
    public IAnsiConsole Notes { get; }

    public bool IsTerminal { get; } = !Console.IsOutputRedirected;

    public bool NotesAreSeen { get; } = !Console.IsErrorRedirected;

    /// <summary>A line on standard error.</summary>
    public static void Complain(string line) => Console.Error.WriteLine(line);
}
