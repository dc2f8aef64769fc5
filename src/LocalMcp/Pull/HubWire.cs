using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Pull;

/// <summary>Hugging Face's JSON as it travels, and what is read out of it. The API: https://huggingface.co/docs/hub/api.</summary>
internal static class HubWire
{
    /// <summary>The commit of <c>/api/models/{id}/revision/{revision}</c>; null when the body is none such.</summary>
    public static string? Commit(string body) => Read(body, HubJson.Default.Revision)?.Sha is { Length: 40 } sha && sha.All(char.IsAsciiHexDigitLower) ? sha : null;

    /// <summary>The files of a page of <c>/api/models/{id}/tree/{commit}</c>; null when the body is none such.</summary>
    public static IReadOnlyList<HubFile>? Files(string body) => Read(body, HubJson.Default.EntryArray) is not { } entries
        ? null
        : [.. entries.OfType<Entry>().Where(entry => entry is { Type: "file", Path.Length: > 0 }).Select(entry => new HubFile(entry.Path!, entry.Lfs?.Size ?? entry.Size ?? 0, Sha256(entry.Lfs?.Oid)))];

    /// <summary>The ids of a page of <c>/api/models</c>; none when the body is none such.</summary>
    public static IReadOnlyList<string> Ids(string body) => [.. (Read(body, HubJson.Default.ModelArray) ?? []).Select(model => model?.Id).OfType<string>()];

    /// <summary>A sha256 in lower case; null for any other text. It may come in the quotes of an ETag.</summary>
    public static string? Sha256(string? text) => text?.Trim('"') is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit) ? hash.ToLowerInvariant() : null;

    private static T? Read<T>(string body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Revision(string? Sha);

    internal sealed record Entry(string? Type, string? Path, long? Size, Lfs? Lfs);

    internal sealed record Lfs(string? Oid, long? Size);

    internal sealed record Model(string? Id);
}

/// <summary>A file of a repository.</summary>
/// <param name="Path">Within the repository, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its content, in lower case; null for a file that is kept in git itself.</param>
internal sealed record HubFile(string Path, long Size, string? Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubWire.Revision))]
[JsonSerializable(typeof(HubWire.Entry[]))]
[JsonSerializable(typeof(HubWire.Model[]))]
internal sealed partial class HubJson : JsonSerializerContext;
