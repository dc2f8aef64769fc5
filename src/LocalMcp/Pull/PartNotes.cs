using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Pull;

/// <summary>Of what a part is a part: kept beside it, so that two versions are never mixed.</summary>
/// <param name="Repository"><c>owner/repo</c>.</param>
/// <param name="Size">Of the whole file, in bytes.</param>
/// <param name="Sha256">Of the whole file; null when it is not known.</param>
/// <param name="Authority">The server that sent it, as host and port, and with it</param>
/// <param name="Tag">the version as that server names it; null when it does not.</param>
internal sealed record PartNotes(string Repository, string Path, string Commit, long Size, string? Sha256, string? Authority = null, string? Tag = null)
{
    [JsonIgnore]
    public ByteVersion? Version => Authority is not null && EntityTagHeaderValue.TryParse(Tag, out var tag) ? new ByteVersion(Authority, tag) : null;

    public static string PathOf(string target) => PartFile.PathOf(target) + ".json";

    /// <summary>Whether the content is the same: by its hash, whichever commit it is of; without one by the commit.</summary>
    public bool IsOfSame(PartNotes other) => Size == other.Size && Sha256 == other.Sha256 && (Sha256 is not null || (Commit, Path, Repository) == (other.Commit, other.Path, other.Repository));

    /// <summary>The notes beside the part of a file; null when there are none that can be read.</summary>
    public static PartNotes? Read(string target)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(PathOf(target)), PartJson.Default.PartNotes);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes them as a whole, or not at all.</summary>
    public void Write(string target)
    {
        var temporary = PathOf(target) + ".tmp";
        PartFile.RemoveLink(temporary);
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, PartJson.Default.PartNotes));
        File.Move(temporary, PathOf(target), overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PartNotes))]
internal sealed partial class PartJson : JsonSerializerContext;
