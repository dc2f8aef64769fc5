using System.Text;
using LocalMcp.Schema;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>JSON Schemas as models write them, and answers against them. An input is a schema, a line of three dashes, and an answer.</summary>
internal sealed class SchemaFuzzer : Fuzzer
{
    public override string Name => "schema";

    public override int Rounds => 4_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "\n---\n", "\"type\":\"object\"", "\"type\":[\"string\",\"null\"]", "\"properties\":{\"a\":", "\"required\":[\"a\"]", "\"$ref\":\"#\"", "\"$ref\":\"#/$defs/a\"", "\"$defs\":{\"a\":", "\"$dynamicRef\":\"#n\"", "\"$dynamicAnchor\":\"n\"", "\"$id\":\"http://x/y\"", "\"$anchor\":\"a\"",
        "\"allOf\":[", "\"anyOf\":[", "\"oneOf\":[", "\"not\":{", "\"if\":true,", "\"then\":", "\"items\":", "\"prefixItems\":[", "\"contains\":", "\"minContains\":0", "\"uniqueItems\":true", "\"pattern\":\"^(a+)+$\"", "\"pattern\":\"(\"", "\"patternProperties\":{\"a|b\":", "\"minimum\":1e999",
        "\"multipleOf\":0.1", "\"maxLength\":-1", "\"enum\":[]", "\"const\":", "\"unevaluatedProperties\":false", "\"additionalProperties\":", "\"dependentRequired\":{", "\"$schema\":\"http://json-schema.org/draft-07/schema#\"", "```json\n", "\n```", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    ];

    public override Task TryAsync(byte[] input, Random random)
    {
        var (given, answer) = Encoding.UTF8.GetString(input).Split("\n---\n", 2) is [var one, var other] ? (one, other) : (Encoding.UTF8.GetString(input), "{}");
        try
        {
            var schema = AnswerSchema.Parse(given);
            BrokenException.Unless(!schema.Text.Contains('\n'), "a schema that is not on one line");
            BrokenException.Unless(AnswerSchema.Parse(schema.Text).Text == schema.Text, "a schema that is not read again");
            var judged = schema.Judge(answer);
            BrokenException.Unless(judged.Json is null != (judged.Complaint is null), "neither valid nor invalid");
            BrokenException.Unless(judged.Json is not { } valid || schema.Judge(valid).Complaint is null, "valid JSON that is not valid alone");
            BrokenException.Unless(judged.Complaint is not { Length: > 20_000 }, $"a complaint of {judged.Complaint?.Length} characters");
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
        }
        return Task.CompletedTask;
    }
}
