using System.Diagnostics;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>What git says of lists of patterns and paths, many at once.</summary>
internal static class GitOracle
{
    public static bool IsThere { get; } = File.Exists("/usr/bin/git");

    /// <summary>Whether list n covers a path, for each of both.</summary>
    public static async Task<Dictionary<(int List, string Path), bool>> CoversAsync(IReadOnlyList<string[]> lists, IReadOnlyList<string> paths)
    {
        using var home = new TemporaryHome();
        foreach (var (index, list) in lists.Index())
        {
            Directory.CreateDirectory(Path.Combine(home.Folder, $"{index}"));
            await File.WriteAllLinesAsync(Path.Combine(home.Folder, $"{index}", ".gitignore"), list);
        }
        await RunAsync(home, ["init", "-q"], "");
        var asked = lists.Index().SelectMany(list => paths.Select(path => (list.Index, Path: path))).ToList();
        var answers = (await RunAsync(home, ["-c", "core.ignorecase=false", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"], string.Join('\0', asked.Select(one => $"{one.Index}/{one.Path}")))).Split('\0');
        // Of each: file, line, pattern, path; the first three empty where nothing matches.
        return asked.Select((one, index) => (one, Pattern: answers[(4 * index) + 2])).ToDictionary(one => one.one, one => one.Pattern.Length > 0 && one.Pattern[0] != '!');
    }

    private static async Task<string> RunAsync(TemporaryHome home, IEnumerable<string> arguments, string input)
    {
        using var git = Process.Start(ProgramStart.Of("/usr/bin/git", home, arguments))!;
        var answer = git.StandardOutput.ReadToEndAsync();
        await git.StandardInput.WriteAsync(input);
        git.StandardInput.Close();
        await git.WaitForExitAsync();
        return await answer;
    }
}
