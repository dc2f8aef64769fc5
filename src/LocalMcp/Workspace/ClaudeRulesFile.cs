using System.Text;
using System.Text.Json;

namespace LocalMcp.Workspace;

/// <summary>The permission rules of one settings file of Claude Code, as they are written.</summary>
/// <param name="Deny">What Claude may not do.</param>
/// <param name="Ask">What Claude has to ask for each time.</param>
internal sealed record ClaudeRulesFile(IReadOnlyList<string> Deny, IReadOnlyList<string> Ask)
{
    private const int Largest = 16 * 1024 * 1024;

    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a settings file; null where there is none.</summary>
    /// <exception cref="LocalMcpException">It is there, and cannot be read or understood. What the user hides is not known then, so nothing may be shown.</exception>
    public static ClaudeRulesFile? Read(string path)
    {
        if (Bytes(path) is not { } bytes)
            return null;
        try
        {
            // As text, as Claude Code reads it: a byte that is no UTF-8 is a letter that nobody knows, and no reason to know none of the rules.
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0)), Tolerant);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Rules(json.RootElement, path) : throw Unclear(path, "it holds no object in { }");
        }
        catch (InvalidOperationException)
        {
            throw Unclear(path, "a name in it has half of a surrogate pair, escaped as \\ud800 to \\udfff");
        }
        catch (JsonException broken)
        {
            // Its own words would quote the file.
            throw Unclear(path, $"it is not valid JSON, at line {broken.LineNumber + 1}");
        }
    }

    private static ClaudeRulesFile Rules(JsonElement settings, string path)
    {
        // What an organization's server sent is kept inside of a member of its own.
        var inner = settings.TryGetProperty("settings", out var sent) && sent.ValueKind == JsonValueKind.Object ? Rules(sent, path) : new ClaudeRulesFile([], []);
        if (!settings.TryGetProperty("permissions", out var permissions) || permissions.ValueKind == JsonValueKind.Null)
            return inner;
        if (permissions.ValueKind != JsonValueKind.Object)
            throw Unclear(path, "permissions is no object in { }");
        return new ClaudeRulesFile([.. inner.Deny, .. Texts(permissions, "deny", path)], [.. inner.Ask, .. Texts(permissions, "ask", path)]);
    }

    private static List<string> Texts(JsonElement permissions, string name, string path)
    {
        if (!permissions.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw Unclear(path, $"permissions.{name} is no list of texts");
        return [.. list.EnumerateArray().Select(item => Backends.JsonText.Of(item)!)];
    }

    private static byte[]? Bytes(string path)
    {
        try
        {
            if (Unix.RealPath(path) is not { } real)
            {
                // Missing, or behind a folder that may not be looked into: opening tells which.
                using var probe = File.OpenHandle(path);
                throw Unclear(path, "it changes while it is read");
            }
            return Content(real, path);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unclear(path, $"it cannot be read: {unreadable.Message.TrimEnd('.')}");
        }
    }

    private static byte[]? Content(string real, string path)
    {
        var (folder, _) = Unix.OpenFolder(Path.GetDirectoryName(real) ?? "/");
        using (folder)
        {
            if (folder is null)
                throw Unclear(path, "its folder may not be read");
            // A pipe would keep us waiting for somebody who writes into it.
            if (Unix.Kind(folder, Path.GetFileName(real)) is not FileKind.Regular)
                throw Unclear(path, "it is no regular file");
            var (file, error) = Unix.OpenToRead(folder, Path.GetFileName(real));
            if (file is null)
                return error == Unix.Error.Missing ? null : throw Unclear(path, $"it cannot be read: {Unix.Words(error)}");
            using var stream = new FileStream(file, FileAccess.Read);
            if (stream.Length > Largest)
                throw Unclear(path, "it has more than 16 MiB");
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private static LocalMcpException Unclear(string path, string what) =>
        new($"{path} says which files are hidden from Claude, and it cannot be understood: {what}. No file is read or written until it is mended or removed.");
}
