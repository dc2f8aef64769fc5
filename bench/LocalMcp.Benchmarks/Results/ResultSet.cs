using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Benchmarks.Results;

/// <summary>All that was measured on one machine.</summary>
/// <param name="Date">Year and month of the last run.</param>
/// <param name="Versions">Of all that took part, by name.</param>
/// <param name="LoadBefore">How busy the machine was, before the last run: the averages of 1, 5 and 15 minutes.</param>
internal sealed record ResultSet(
    string Date, MachineSheet Machine, IReadOnlyDictionary<string, string> Versions, string LoadBefore, string LoadAfter, IReadOnlyList<ResultRow> Rows, IReadOnlyList<Curve> Growth)
{
    public const string FileName = "results.json";

    public static ResultSet Read(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), ResultJson.Readable.ResultSet) ?? throw new InvalidDataException($"{file} holds no results.");

    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Readable.ResultSet) + "\n";
}

/// <summary>A machine without its name.</summary>
/// <param name="Name">Made of system, processor, cores and graphics: the name of its folder.</param>
/// <param name="MemoryGib">Null where it is not known.</param>
internal sealed record MachineSheet(string Name, string System, string Processor, int Cores, double? MemoryGib, string Graphics);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NewLine = "\n")]
[JsonSerializable(typeof(ResultSet))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    private static ResultJson? readable;

    /// <summary>Signs as they are: the file is read in reviews.</summary>
    public static ResultJson Readable => readable ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
