using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Doctor;

/// <summary>All checks, as <c>doctor --json</c> prints them.</summary>
/// <param name="Version">Of this program.</param>
/// <param name="Checks">In their fixed order.</param>
/// <param name="Verdict">The worst of them.</param>
internal sealed record Report(string Version, IReadOnlyList<Check> Checks, Verdict Verdict)
{
    public static Report Of(IReadOnlyList<Check> checks) => new(ProgramVersion.Text, checks, checks.Select(check => check.Verdict).DefaultIfEmpty(Verdict.Good).Max());

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Readable.Report);
}

[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Quotes and letters stand as they are; the text goes to a terminal or a program, never into a web page.</summary>
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
