using System.Text.Json;

namespace LocalMcp.Doctor;

/// <summary>
/// Claude Code's files as they are written: read, never changed, and of what they hold only MCP servers, approvals and the variables of
/// <see cref="Variables"/>. They hold secrets as well: nothing else leaves this file, not even in an error.
/// </summary>
internal static class ClaudeJson
{
    private const long Largest = 64 * 1024 * 1024;

    /// <summary>The variables by which Claude Code is sent to another server, and told what to leave out of its prompts.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["ANTHROPIC_BASE_URL", "CLAUDE_CODE_ATTRIBUTION_HEADER", "CLAUDE_CODE_TOTAL_TOKENS_REMINDER"];

    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What <c>.claude.json</c> says; empty when there is none.</summary>
    /// <exception cref="LocalMcpException">It cannot be read, or is not JSON.</exception>
    public static ClaudeConfig Config(string path) => Read(path, new ClaudeConfig([], []), json => new ClaudeConfig(
        Servers(json),
        [.. Members(Member(json, "projects")).Select(project => new ClaudeProject(project.Name, Servers(project.Value), ApprovalsIn(project.Value), Names(project.Value, "disabledMcpServers")))]));

    /// <summary>The servers that a project's <c>.mcp.json</c> or <c>mcp.json</c> names; null when there is no such file.</summary>
    /// <exception cref="LocalMcpException">It cannot be read, or is not JSON.</exception>
    public static IReadOnlyList<ClaudeServer>? Project(string path) => Read<IReadOnlyList<ClaudeServer>?>(path, null, Servers);

    /// <summary>What a <c>settings.json</c> says; empty when there is none.</summary>
    /// <exception cref="LocalMcpException">It cannot be read, or is not JSON.</exception>
    public static ClaudeSettings Settings(string path) => Read(path, new ClaudeSettings(Approvals.None, new Dictionary<string, string>()), json => new ClaudeSettings(
        ApprovalsIn(json),
        Variables.Select(name => (name, Value: Text(Member(Member(json, "env"), name)))).Where(v => v.Value is not null).ToDictionary(v => v.name, v => v.Value!)));

    private static T Read<T>(string path, T missing, Func<JsonElement, T> what)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > Largest)
                throw new LocalMcpException($"{path} has more than 64 MiB, and was not read. Look into it: Claude Code reads it at every start.");
            using var json = JsonDocument.Parse(file, Tolerant);
            return what(json.RootElement);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return missing;
        }
        catch (JsonException broken)
        {
            // Its own words would quote the file.
            throw new LocalMcpException($"{path} is not valid JSON, at line {broken.LineNumber + 1}. Mend it, or let Claude Code write it anew.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{path} cannot be read: {unreadable.Message} Make it readable.", unreadable);
        }
    }

    private static IReadOnlyList<ClaudeServer> Servers(JsonElement json) =>
        [.. Members(Member(json, "mcpServers")).Select(server => new ClaudeServer(server.Name, Text(Member(server.Value, "command")) ?? "", Names(server.Value, "args")))];

    private static Approvals ApprovalsIn(JsonElement json) =>
        new(Names(json, "enabledMcpjsonServers"), Names(json, "disabledMcpjsonServers"), Member(json, "enableAllProjectMcpServers") is { ValueKind: JsonValueKind.True });

    private static JsonElement? Member(JsonElement? json, string name) => json is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(name, out var member) ? member : null;

    private static IEnumerable<JsonProperty> Members(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } whole ? whole.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    private static string[] Names(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => Text(item)).OfType<string>()] : [];

    private static string? Text(JsonElement? json) => json is { ValueKind: JsonValueKind.String } text ? Backends.JsonText.Of(text) : null;
}
