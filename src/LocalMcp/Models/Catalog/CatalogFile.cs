using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Models.Catalog;

/// <summary>Our part of the catalog, as it lies in the program: <c>catalog.json</c>. A test keeps it valid.</summary>
internal sealed class CatalogFile
{
    /// <summary>Where the figures come from, by the key that entries name.</summary>
    public Dictionary<string, CatalogSource> Sources { get; set; } = [];

    public List<CatalogModel> Models { get; set; } = [];

    private static readonly Lazy<CatalogFile> Embedded = new(Read);

    /// <summary>The one in the program; read once.</summary>
    public static CatalogFile BuiltIn => Embedded.Value;

    private static CatalogFile Read()
    {
        using var json = typeof(CatalogFile).Assembly.GetManifestResourceStream("catalog.json")
            ?? throw new InvalidOperationException("The program was built without catalog.json.");
        return JsonSerializer.Deserialize(json, CatalogJson.Default.CatalogFile) ?? throw new InvalidOperationException("catalog.json holds null.");
    }
}

/// <summary>Where a figure comes from.</summary>
internal sealed record CatalogSource
{
    /// <summary>What was read there.</summary>
    public string What { get; set; } = "";

    /// <summary>Its address; null for what has none.</summary>
    public string? Url { get; set; }

    /// <summary>Of what was read, or when it was read: <c>2026-08-22</c>, or only year and month, or the year.</summary>
    public string Date { get; set; } = "";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CatalogFile))]
internal sealed partial class CatalogJson : JsonSerializerContext;
