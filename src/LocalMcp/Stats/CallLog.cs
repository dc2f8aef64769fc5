using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.State;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Stats;

/// <summary>
/// The log of calls: a line of JSON for each, appended to a file for each month in the state folder, by all sessions of the user. Nobody renames a file, so no line gets lost
/// when several sessions write; a month that grows beyond <see cref="LongestFile"/> goes on in a second file, and months beyond <see cref="MonthsKept"/> are removed. A call
/// never fails for it.
/// </summary>
internal sealed class CallLog(UserEnvironment environment, SettingsFile settings, TimeProvider clock)
{
    /// <summary>Bytes; about 50,000 calls.</summary>
    private const long LongestFile = 16 * 1024 * 1024;

    /// <summary>This month and so many before it.</summary>
    private const int MonthsKept = 12;

    private const int MostParts = 100;

    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Keeps a call. Never fails.</summary>
    public void Append(CallRecord call)
    {
        try
        {
            if (!settings.Read().KeepStats)
                return;
            var file = FileOf(call.At);
            if (!File.Exists(file))
            {
                Directory.CreateDirectory(environment.StatsFolder, OnlyMine);
                Prune();
            }
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(call, CallJson.Default.CallRecord), (byte)'\n'];
            // One write to the end of the file, which the system finds: lines of several sessions neither mix nor replace each other.
            var (log, _) = Unix.OpenToAppend(file);
            using (log)
            {
                if (log is not null && IsAllowed(log, line))
                    _ = Unix.Write(log, line);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or LocalMcpException)
        {
            // Kept for convenience: nobody misses a call that worked because it was not counted.
        }
    }

    // Beyond its limit for files the system writes half a line, and then ends the process with a signal.
    private static bool IsAllowed(SafeFileHandle log, byte[] line) => (ulong)(Unix.Status(log)?.Size ?? 0) + (ulong)line.Length <= Unix.LargestFile;

    /// <summary>The calls of the last days, oldest first. Lines that cannot be read are left out.</summary>
    /// <exception cref="LocalMcpException">A file of the log cannot be read.</exception>
    public IEnumerable<CallRecord> Since(DateTimeOffset from) =>
        Files().Where(file => string.CompareOrdinal(Path.GetFileName(file), Prefix(from)) >= 0).SelectMany(Read).Where(call => call.At >= from);

    private static IEnumerable<CallRecord> Read(string file)
    {
        IEnumerable<string> lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{file} cannot be read: {unreadable.Message} Make it readable, or remove it.", unreadable);
        }
        return lines.Select(Parse).OfType<CallRecord>();
    }

    private static CallRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CallJson.Default.CallRecord) is { Tool: not null, Ending: not null } call ? call : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string FileOf(DateTimeOffset at)
    {
        var first = Path.Combine(environment.StatsFolder, $"{Prefix(at)}.jsonl");
        return Enumerable.Range(2, MostParts).Select(part => Path.Combine(environment.StatsFolder, $"{Prefix(at)}-{part:000}.jsonl")).Prepend(first)
            .First(file => new FileInfo(file) is not { Exists: true, Length: > LongestFile } || file.EndsWith($"{MostParts + 1:000}.jsonl", StringComparison.Ordinal));
    }

    private void Prune()
    {
        var oldest = Prefix(clock.GetUtcNow().AddMonths(-MonthsKept));
        foreach (var file in Files().Where(file => string.CompareOrdinal(Path.GetFileName(file), oldest) < 0))
            File.Delete(file);
    }

    private IEnumerable<string> Files() => Directory.Exists(environment.StatsFolder) ? Directory.EnumerateFiles(environment.StatsFolder, "calls-*.jsonl").Order(StringComparer.Ordinal) : [];

    private static string Prefix(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"calls-{at.UtcDateTime:yyyy-MM}");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallRecord))]
internal sealed partial class CallJson : JsonSerializerContext;
