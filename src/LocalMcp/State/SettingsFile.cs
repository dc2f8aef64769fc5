using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Backends;
using LocalMcp.Models.Catalog;
using LocalMcp.Workspace;

namespace LocalMcp.State;

/// <summary>
/// Reads <c>settings.json</c>. A missing file means the defaults; a broken one is an error that names file, line and what was expected,
/// because a setting that is silently not in force is worse than none. It is read again until it is valid, then kept.
/// </summary>
internal sealed class SettingsFile(UserEnvironment environment)
{
    // In characters. The longest list of settings that an error names has half of it.
    private const int Longest = 1_000;

    private Settings? valid;

    /// <summary>The settings in force.</summary>
    /// <exception cref="LocalMcpException">The file cannot be read or is not valid.</exception>
    public Settings Read() => valid ??= Parse(Text(), environment.SettingsFile);

    private string? Text()
    {
        try
        {
            return File.ReadAllText(environment.SettingsFile);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{environment.SettingsFile} cannot be read: {unreadable.Message} Make it readable, or remove it to use the defaults.", unreadable);
        }
    }

    /// <summary>Settings from the text of a file; <paramref name="file"/> is only named in errors.</summary>
    public static Settings Parse(string? text, string file)
    {
        if (text is null)
            return new Settings();
        try
        {
            var settings = JsonSerializer.Deserialize(text, SettingsJson.Default.Settings) ?? throw Broken(file, 1, "the file holds null; it expects an object like { \"context_length\": 16384 }");
            Check(settings, file, text);
            return settings;
        }
        catch (JsonException error)
        {
            throw Broken(file, (error.LineNumber ?? 0) + 1, Explain(error), error);
        }
    }

    private static void Check(Settings settings, string file, string text)
    {
        var (limits, engine) = (settings.Limits, settings.Engine);
        (string Name, int Value, int Least, int Most)[] ranges =
        [
            ("context_length", settings.ContextLength, 512, 1_048_576),
            ("connect_seconds", limits.ConnectSeconds, 1, 600),
            ("load_minutes", limits.LoadMinutes, 1, 120),
            ("first_token_minutes", limits.FirstTokenMinutes, 1, 120),
            ("silence_seconds", limits.SilenceSeconds, 1, 3_600),
            ("call_minutes", limits.CallMinutes, 1, 1_440),
            ("idle_seconds", engine.IdleSeconds, 1, 604_800),
            ("unload_seconds", engine.UnloadSeconds, 1, 604_800),
            ("max_resident_models", engine.MaxResidentModels, 1, 16),
            ("parallel", engine.Parallel, 0, 64),
            ("threads", engine.Threads, 0, 1_024),
            ("port", engine.Port, 1_024, 65_535),
            ("prompt_cache_mib", engine.PromptCacheMib, -1, 1_048_576),
            ("ollama", settings.Ollama.ContextLength == 0 ? 512 : settings.Ollama.ContextLength, 512, 1_048_576),
            ("largest_mib", settings.Files.LargestMib, 1, 64),
        ];
        foreach (var (name, value, least, most) in ranges)
        {
            if (value < least || value > most)
                throw Broken(file, LineOf(name, text), string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it expects {least} to {most}"));
        }
        (string Name, bool HoldsNull)[] lists = [("servers", settings.Servers.Contains(null!)), ("model_folders", settings.ModelFolders.Contains(null!)), ("arguments", engine.Arguments.Contains(null!)), ("allow_hosts", settings.AllowHosts.Contains(null!)), ("roots", settings.Files.Roots.Contains(null!)), ("allow_secrets", settings.Files.AllowSecrets.Contains(null!))];
        if (Array.Find(lists, list => list.HoldsNull).Name is { } withNull)
            throw Broken(file, LineOf(withNull, text), "a list holds null; leave the entry away");
        if (settings.AllowHosts.FirstOrDefault(host => Hosts.Trouble(host) is not null) is { } noHost)
            throw Broken(file, LineOf("allow_hosts", text), $"allow_hosts: {Hosts.Trouble(noHost)}");
        if (engine.FlashAttention is not ("" or "on" or "off" or "auto"))
            throw Broken(file, LineOf("flash_attention", text), $"flash_attention is \"{engine.FlashAttention}\"; it expects on, off or auto");
        if (engine.GpuLayers is not ("" or "all" or "auto") && !ushort.TryParse(engine.GpuLayers, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw Broken(file, LineOf("gpu_layers", text), $"gpu_layers is \"{engine.GpuLayers}\"; it expects all, auto or a number in quotes");
        if (CatalogCheck.First(settings.Catalog) is var (word, trouble))
            throw Broken(file, LineOf(word, text), trouble);
        foreach (var server in settings.Servers)
        {
            if (!Uri.TryCreate(server.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                throw Broken(file, LineOf(server.Url.Length > 0 ? server.Url : "servers", text), $"servers: url is \"{server.Url}\"; it expects something like http://127.0.0.1:8080/v1");
            if (server.Name.Contains('/') || server.Name.Any(char.IsWhiteSpace))
                throw Broken(file, LineOf(server.Name, text), $"servers: name is \"{server.Name}\"; it expects a word without spaces and slashes");
            if (server.Name == "engine" || (server.Name.Length > 0 && settings.Servers.Count(s => s.Name == server.Name) > 1))
                throw Broken(file, LineOf(server.Name, text), $"servers: name is \"{server.Name}\", which another backend has; each needs a name of its own");
        }
    }

    private static long LineOf(string word, string text) => text[..Math.Max(0, text.IndexOf($"\"{word}\"", StringComparison.Ordinal))].Count(c => c == '\n') + 1;

    private static string Explain(JsonException error)
    {
        var where = error.Path is { Length: > 2 } path ? path[2..] : "";
        if (error.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"\"{where}\" is not a setting; at this place it expects {Known(where)}";
        if (error.Message.Contains("could not be converted", StringComparison.Ordinal))
            return $"{(where.Length > 0 ? $"\"{where}\"" : "the file")} has a value of the wrong kind; it expects {Expected(error.Message)}";
        if (error.Message.Contains("null values", StringComparison.Ordinal) && error.Message.Split('\'') is [_, var name, ..])
            return $"\"{name}\" is null; leave it away for the default";
        return "it is not valid JSON: " + FirstSentence(error.Message);
    }

    private static string Known(string where) => string.Join(", ", where switch
    {
        _ when where.StartsWith("limits.", StringComparison.Ordinal) => Names(SettingsJson.Default.Limits),
        _ when where.StartsWith("ollama.", StringComparison.Ordinal) => Names(SettingsJson.Default.OllamaSettings),
        _ when where.StartsWith("files.", StringComparison.Ordinal) => Names(SettingsJson.Default.FileSettings),
        _ when where.StartsWith("engine.", StringComparison.Ordinal) => Names(SettingsJson.Default.EngineSettings),
        _ when where.StartsWith("servers", StringComparison.Ordinal) && where.Contains('.') => Names(SettingsJson.Default.ServerSetting),
        _ when where.StartsWith("catalog", StringComparison.Ordinal) => KnownInCatalog(where),
        _ => Names(SettingsJson.Default.Settings),
    });

    private static IEnumerable<string> KnownInCatalog(string where) => where switch
    {
        _ when !where.Contains('.') => Names(SettingsJson.Default.Settings),
        _ when where.Contains("].variants[", StringComparison.Ordinal) => Names(SettingsJson.Default.CatalogVariant),
        _ when where.Contains("].quirks[", StringComparison.Ordinal) => Names(SettingsJson.Default.CatalogQuirk),
        _ when where.Contains("].sliding_window.", StringComparison.Ordinal) => Names(SettingsJson.Default.CatalogWindow),
        _ when where.Contains("].recurrent.", StringComparison.Ordinal) => Names(SettingsJson.Default.CatalogRecurrence),
        _ => Names(SettingsJson.Default.CatalogModel),
    };

    private static IEnumerable<string> Names(System.Text.Json.Serialization.Metadata.JsonTypeInfo type) => type.Properties.Where(p => p.Set is not null).Select(p => p.Name);

    private static string Expected(string message) => message switch
    {
        _ when message.Contains("Int32", StringComparison.Ordinal) || message.Contains("Int64", StringComparison.Ordinal) => "a whole number",
        _ when message.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ when message.Contains("List", StringComparison.Ordinal) => "a list in [ ]",
        _ when message.Contains("System.String", StringComparison.Ordinal) => "a text in quotes",
        _ => "an object in { }",
    };

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber:", StringComparison.Ordinal) : end;
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    // Names and values of the file are quoted in it: in one line, and of long ones the ends.
    private static string Shown(string what) => ShownText.Of(what.Length <= Longest ? what : $"{what[..(Longest / 2)]} … {what[^(Longest / 2)..]}");

    private static LocalMcpException Broken(string file, long line, string what, Exception? inner = null) =>
        new($"{file}, line {line}: {Shown(what)}. Mend it, or remove the file to use the defaults; nothing was assumed in its place.", inner);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(Settings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
