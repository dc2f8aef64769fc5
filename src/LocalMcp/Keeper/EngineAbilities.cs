using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LocalMcp.Backends;

namespace LocalMcp.Keeper;

/// <summary>What an engine's program says of itself: read from its --help, --version and --list-devices, never assumed.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Version">As it says it: 0.7.0 (build 11669, …).</param>
/// <param name="Flags">Every flag of its help, with its explanation.</param>
/// <param name="HasGpu">Whether it lists a device to put layers on; null when it cannot list them.</param>
internal sealed partial record EngineAbilities(string Program, string Version, IReadOnlyDictionary<string, string> Flags, bool? HasGpu)
{
    /// <summary>The program's file at the time that it was asked.</summary>
    public (string Path, long Length, DateTime Changed) File { get; init; }

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>What errors and lists call it.</summary>
    public string Label => Path.GetFileName(Program) == "local-mcp-llamasharp" ? "LLamaSharp" : Path.GetFileName(Program);

    /// <summary>What it is, with its version.</summary>
    public string Title => Version.StartsWith(Label, StringComparison.Ordinal) ? Version : $"{Label} {Version}";

    /// <summary>Whether it makes room for the scores of the tokens that it answers to, and not of a whole batch, which takes some hundred MB. Seen in build 11669; of anything older it is not known.</summary>
    public bool KeepsFewScores => BuildNumber().Match(Version) is { Success: true } build && int.Parse(build.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= 11_669;

    public bool Knows(string flag) => Flags.ContainsKey(flag);

    /// <summary>The first of these names that it knows, or null: flags are renamed over the years.</summary>
    public string? Name(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Knows(name))
                return name;
        }
        return null;
    }

    /// <summary>Asks the program.</summary>
    /// <exception cref="BackendException">It cannot be run, or does not explain itself.</exception>
    public static async Task<EngineAbilities> AskAsync(string program, TimeProvider clock, CancellationToken cancellationToken)
    {
        var file = FileOf(program);
        // All three at once; a program without a list of devices says that it does not know the flag.
        var (help, version, devices) = (RunAsync(program, "--help", clock, cancellationToken), RunAsync(program, "--version", clock, cancellationToken), RunAsync(program, "--list-devices", clock, cancellationToken));
        await Task.WhenAll(help, version, devices);
        var flags = FlagsOf(await help);
        if (!flags.ContainsKey("--model"))
            throw new BackendException(BackendFailure.Unreachable, $"The engine {program} does not explain itself: its --help says \"{ServerWords.Shorten(await help)}\". Check that it is a llama-server that runs on this machine, or set engine_program in settings.json to another one.");
        return new EngineAbilities(program, VersionOf(await version), flags, flags.ContainsKey("--list-devices") ? ListsDevices(await devices) : null) { File = file };
    }

    /// <summary>What tells one version of a program's file from the next. A link of a package manager stays, and what it leads to changes.</summary>
    public static (string Path, long Length, DateTime Changed) FileOf(string program)
    {
        var file = new FileInfo(program);
        var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return real.Exists ? (real.FullName, real.Length, real.LastWriteTimeUtc) : (program, 0, default);
    }

    /// <summary>The flags of a help text, each with its explanation: a line that begins with them, and the indented ones below it.</summary>
    public static IReadOnlyDictionary<string, string> FlagsOf(string help)
    {
        var flags = new Dictionary<string, string>();
        List<string> current = [];
        foreach (var line in help.Split('\n'))
        {
            if (line.StartsWith('-'))
                current = [.. line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => !char.IsAsciiLetterLower(word[0])).Where(word => word.Length > 1 && char.IsAsciiLetter(word.TrimStart('-').FirstOrDefault()))];
            else if (!line.StartsWith(' '))
                current = [];
            foreach (var flag in current)
                flags[flag] = flags.TryGetValue(flag, out var above) ? $"{above} {line.Trim()}" : line.Trim();
        }
        return flags;
    }

    /// <summary>Whether the list has a device with memory in it: indented lines after its heading, BLAS left out, which computes on the processor.</summary>
    public static bool ListsDevices(string text) =>
        text.Split('\n').SkipWhile(line => !line.StartsWith("Available devices", StringComparison.OrdinalIgnoreCase)).Skip(1).Any(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains(':', StringComparison.Ordinal) && !line.TrimStart().StartsWith("BLAS", StringComparison.Ordinal));

    // "version: 0.7.0 (build 11669, commit …)"; a program may log other lines around it.
    private static string VersionOf(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = Array.Find(lines, l => l.StartsWith("version:", StringComparison.Ordinal))?["version:".Length..].Trim() ?? lines.FirstOrDefault() ?? "";
        return line.Length == 0 ? "unknown version" : ServerWords.Shorten(line);
    }

    // Both streams together: llama-server explains itself on the one and tells its version on the other.
    private static async Task<string> RunAsync(string program, string argument, TimeProvider clock, CancellationToken cancellationToken)
    {
        // llama.cpp also loads backend libraries that lie in the current folder.
        var start = new ProcessStartInfo(program, [argument]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        EngineEnvironment.Keep(start.Environment);
        using var patience = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var (output, errors) = (process.StandardOutput.ReadToEndAsync(either.Token), process.StandardError.ReadToEndAsync(either.Token));
                return $"{await output}\n{await errors}";
            }
            finally
            {
                if (!process.HasExited && either.IsCancellationRequested)
                    process.Kill();
            }
        }
        catch (Win32Exception failed)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine {program} could not be started: {failed.Message}. `local-mcp doctor` shows which engine is used.", failed);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine {program} did not answer to {argument} within {Longest.TotalSeconds:0} s. Check that it runs on this machine, or set engine_program in settings.json to another one.");
        }
    }

    // "0.7.0 (build 11669, …)"; before it had versions, "6123 (a1b2c3d)".
    [GeneratedRegex(@"(?:build |^)(\d{4,7})\b")]
    private static partial Regex BuildNumber();
}
