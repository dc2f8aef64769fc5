using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>Which version of the specification a schema says that it is written in.</summary>
internal static class SchemaDraft
{
    /// <exception cref="LocalMcpException">It is one that is not known here.</exception>
    public static Draft Of(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$schema", out var said))
            return Draft.Unsaid;
        var name = said.ValueKind == JsonValueKind.String ? said.GetString()! : throw SchemaReader.Refusal("/$schema", $"must be a string, is {JsonWords.Value(said)}");
        return Name(name) switch
        {
            "json-schema.org/draft-07/schema" => Draft.Seven,
            "json-schema.org/draft/2019-09/schema" => Draft.Of2019,
            "json-schema.org/draft/2020-12/schema" => Draft.Of2020,
            _ => throw SchemaReader.Refusal("/$schema", $"is {JsonWords.Short($"\"{name}\"")}, which is not known here: known are draft 2020-12 (https://json-schema.org/draft/2020-12/schema), 2019-09 and draft-07. Write the schema in one of these, or leave $schema away"),
        };
    }

    private static string Name(string address) => address.TrimEnd('#').Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal);
}
