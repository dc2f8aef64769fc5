using System.ComponentModel;
using System.Diagnostics;

namespace LocalMcp.Machine;

/// <summary>Asks a small program of the system a question.</summary>
internal static class SystemProgram
{
    /// <summary>What it prints. Null when it cannot be started or has not ended its output after <paramref name="longest"/>; then it is killed. How it ended does not count: the reader of the text judges it.</summary>
    public static string? Ask(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        try
        {
            // Our own standard input is the protocol: no child may read from it. LC_ALL keeps commas out of its numbers.
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["LC_ALL"] = "C";
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var text = process.StandardOutput.ReadToEndAsync();
            if (text.Wait(longest))
                return text.Result;
            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (Exception gone) when (gone is Win32Exception or InvalidOperationException or IOException or AggregateException { InnerException: IOException })
        {
            return null;
        }
    }

    /// <summary>The first program of that name in the folders of PATH; relative folders are left out, or the current one would decide which program runs.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
