using System.Diagnostics;
using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Tests.Support;

/// <summary>
/// A real llama-server: the one that is installed (PATH, Homebrew, the private copy of install.sh), else a private copy that the installer's own
/// script fetches into artifacts/engine of the checkout. Tests that need it call <see cref="Require"/> and are skipped, with the reason, where there is none.
/// </summary>
internal static class RealEngine
{
    private static readonly Lazy<(string? Folder, string Reason)> Found = new(Find);

    /// <summary>The folder of the llama-server program.</summary>
    public static string Require()
    {
        Assert.SkipWhen(Found.Value.Folder is null, $"no engine: {Found.Value.Reason}");
        return Found.Value.Folder!;
    }

    /// <summary>PATH for a program that is to find the engine.</summary>
    public static string SearchPath() => $"{Require()}:/usr/bin:/bin";

    private static (string? Folder, string Reason) Find() =>
        EngineProgram.Find(UserEnvironment.OfThisProcess, new Settings()) is { } installed
            ? (Path.GetDirectoryName(Path.GetFullPath(installed)), "")
            : Fetch(Path.Combine(Repository.Root, "artifacts", "engine"));

    private static (string? Folder, string Reason) Fetch(string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", "fetch-engine.sh")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(folder);
        using var script = Process.Start(start)!;
        var errors = script.StandardError.ReadToEndAsync();
        var path = script.StandardOutput.ReadToEnd().Trim().Split('\n')[^1];
        script.WaitForExit();
        return script.ExitCode == 0 && File.Exists(path) ? (Path.GetDirectoryName(path), "") : (null, errors.Result.Trim().Split('\n')[^1]);
    }
}
