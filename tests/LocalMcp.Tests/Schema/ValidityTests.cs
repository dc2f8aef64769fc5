using System.Text.Json;
using LocalMcp.Schema;

namespace LocalMcp.Tests.Schema;

/// <summary>What is valid and what is not, keyword by keyword.</summary>
public sealed class ValidityTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", "1.5")]
    [InlineData("""{"type":"integer"}""", "1e3", "1e-3")]
    [InlineData("""{"type":"number"}""", "-2.5e-3", "\"2.5\"")]
    [InlineData("""{"type":["string","null"]}""", "null", "false")]
    [InlineData("""{"enum":[1,{"a":[1,2],"b":null}]}""", """{"b":null,"a":[1.0,2]}""", """{"a":[2,1],"b":null}""")]
    [InlineData("""{"const":"é"}""", "\"\\u00e9\"", "\"e\\u0301\"")]
    [InlineData("""{"enum":[0,"a"]}""", "0.0", "false")]
    [InlineData("""{"minimum":0.1,"maximum":0.3}""", "0.3", "0.30000000000000000001")]
    [InlineData("""{"exclusiveMinimum":5,"exclusiveMaximum":7}""", "5.00001", "5.0")]
    [InlineData("""{"maximum":1e400}""", "99e398", "2e400")]
    [InlineData("""{"multipleOf":0.01}""", "19.99", "19.999")]
    [InlineData("""{"multipleOf":0.1}""", "1e300", "0.05")]
    [InlineData("""{"multipleOf":3}""", "123456789012345678901234567890", "123456789012345678901234567891")]
    [InlineData("""{"minLength":2,"maxLength":2}""", "\"🙂🙂\"", "\"🙂\"")]
    [InlineData("""{"pattern":"b+"}""", "\"abc\"", "\"ac\"")]
    [InlineData("""{"items":{"type":"integer"}}""", "[1,2]", "[1,\"2\"]")]
    [InlineData("""{"prefixItems":[{"type":"integer"}],"items":{"type":"string"}}""", "[1,\"a\"]", "[1,2]")]
    [InlineData("""{"prefixItems":[{"type":"integer"},{}],"items":false}""", "[1]", "[1,2,3]")]
    [InlineData("""{"items":[{"type":"integer"}],"additionalItems":false}""", "[1]", "[1,2]")]
    [InlineData("""{"contains":{"const":7}}""", "[1,7]", "[]")]
    [InlineData("""{"contains":{"const":7},"minContains":2,"maxContains":3}""", "[7,1,7]", "[7,7,7,7]")]
    [InlineData("""{"contains":{"const":7},"minContains":0}""", "[]", null)]
    [InlineData("""{"minItems":1,"maxItems":2}""", "[1]", "[1,2,3]")]
    [InlineData("""{"uniqueItems":true}""", "[1,true,\"1\",[1],{\"a\":1}]", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"b":"x"}""", """{"a":"x"}""")]
    [InlineData("""{"properties":{"a":false}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":false}""", """{"x-1":1}""", """{"y":1}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":{"type":"string"}}""", """{"a":1,"b":"x"}""", """{"b":1}""")]
    [InlineData("""{"propertyNames":{"maxLength":3}}""", """{"abc":1}""", """{"abcd":1}""")]
    [InlineData("""{"required":["a","b"]}""", """{"a":null,"b":null}""", """{"a":1}""")]
    [InlineData("""{"minProperties":1,"maxProperties":2}""", """{"a":1}""", "{}")]
    [InlineData("""{"dependentRequired":{"card":["name"]}}""", """{"name":1}""", """{"card":1}""")]
    [InlineData("""{"dependentSchemas":{"card":{"required":["name"]}}}""", """{"card":1,"name":1}""", """{"card":1}""")]
    [InlineData("""{"dependencies":{"a":["b"],"c":{"required":["d"]}}}""", """{"a":1,"b":1}""", """{"c":1}""")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "1.5", "3")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":2}]}""", "2", "1")]
    [InlineData("""{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}""", "9", "12")]
    [InlineData("""{"not":{"required":["a"]}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"if":{"properties":{"k":{"const":1}}},"then":{"required":["a"]},"else":{"required":["b"]}}""", """{"k":2,"b":1}""", """{"k":1,"b":1}""")]
    [InlineData("""{"$ref":"#/$defs/n","maximum":5,"$defs":{"n":{"type":"integer"}}}""", "5", "6")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/n","maximum":5,"definitions":{"n":{"type":"integer"}}}""", "6", "\"6\"")]
    [InlineData("""{"items":{"$ref":"#"},"type":["array","integer"]}""", "[[1],[[2]]]", "[[1],[[\"2\"]]]")]
    [InlineData("""{"items":{"$ref":"#even"},"$defs":{"e":{"$anchor":"even","multipleOf":2}}}""", "[2,4]", "[2,3]")]
    [InlineData("""{"$id":"https://example.com/a","items":{"$ref":"b"},"$defs":{"b":{"$id":"b","type":"null"}}}""", "[null]", "[1]")]
    [InlineData("""{"type":"object","components":{"schemas":{"n":{"type":"integer"}}},"properties":{"a":{"$ref":"#/components/schemas/n"}}}""", """{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"$ref":"#/$defs/a~1b/items","$defs":{"a/b":{"items":{"type":"null"}}}}""", "null", "1")]
    [InlineData("""{"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false}""", """{"a":1,"b":1}""", """{"a":1,"c":1}""")]
    [InlineData("""{"anyOf":[{"required":["a"],"properties":{"a":{}}},{"properties":{"b":{}}}],"unevaluatedProperties":{"type":"null"}}""", """{"b":1,"c":null}""", """{"b":1,"c":1}""")]
    [InlineData("""{"prefixItems":[{}],"contains":{"type":"string"},"unevaluatedItems":false}""", "[1,\"a\"]", "[1,\"a\",2]")]
    [InlineData("""{"not":{"not":{"properties":{"a":{}}}},"unevaluatedProperties":false}""", "{}", """{"a":1}""")]
    [InlineData("""{"format":"email","type":"string"}""", "\"no e-mail\"", "1")]
    [InlineData("""{"type":"string","minlength":99,"x-note":"unknown keywords are ignored"}""", "\"a\"", "1")]
    [InlineData("""{"maxLength":3}""", "12345", "\"12345\"")]
    [InlineData("true", "[null]", null)]
    [InlineData("{}", "\"x\"", null)]
    public void Tells_them_apart(string schema, string valid, string? invalid)
    {
        var read = AnswerSchema.Parse(schema);
        Assert.Empty(Faults(read, valid));
        if (invalid is not null)
            Assert.NotEmpty(Faults(read, invalid));
    }

    [Theory]
    [InlineData("^a$", "a", "a\n")]
    [InlineData("^\\d+$", "12", "١٢")]
    [InlineData("^\\w$", "_", "é")]
    [InlineData("^\\s$", "\ufeff", "\u200b")]
    [InlineData("^\\S$", "🙂", "\u00a0")]
    [InlineData("^.$", "🙂", "🙂🙂")]
    [InlineData("^.$", "\u0085", "\u2028")]
    [InlineData("^[^a]$", "🙂", "a")]
    [InlineData("^[\\s\\S]{2}$", "🙂\n", "🙂")]
    [InlineData("^[🙂-🙄]+$", "🙃🙂", "😀")]
    [InlineData("^[^🙂]$", "🙃", "🙂")]
    [InlineData("^[\\u{10000}-\\u{2FFFF}]$", "\U0001F642", "\uFFFD")]
    [InlineData("^\\ud83d\\ude42*$", "🙂🙂", "🙂🙃")]
    [InlineData("^\\p{Lu}\\p{Letter}*$", "Éa", "éa")]
    [InlineData("^[\\p{Ll}\\d-]+$", "a-1", "A")]
    [InlineData("^\\bword\\b$", "word", "words")]
    [InlineData("^(a)?\\1b$", "b", "ab")]
    [InlineData("^(?<q>['\"]).*\\k<q>$", "'x'", "'x\"")]
    [InlineData("^(?!no)\\w+(?<!x)$", "yes", "yesx")]
    [InlineData("^[a-c-[b]]$", "b]", "b")]
    [InlineData("^[^]$", "\n", "")]
    [InlineData("^a # b$", "a # b", "ab")]
    [InlineData("^\\/a\\.b\\-$", "/a.b-", "/axb-")]
    [InlineData("^\\cJ\\x41\\0$", "\nA\0", "A")]
    public void Reads_patterns_as_ecmascript_does(string pattern, string matches, string doesNot)
    {
        var read = EcmaPattern.Read(pattern, out var trouble);
        Assert.True(read is not null, trouble);
        Assert.Equal((true, false), (read.IsMatch(matches), read.IsMatch(doesNot)));
    }

    [Fact]
    public void A_dynamic_reference_takes_the_outermost_schema_of_its_name()
    {
        const string document =
            """
            {"$id":"https://example.com/strict","$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false,
             "$defs":{"tree":{"$id":"tree","$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}}}}
            """;
        var schema = AnswerSchema.Parse(document);
        Assert.NotNull(schema.Judge("""{"children":[{"data":1}]}""").Json);
        Assert.Contains("must not have the property \"daat\"", schema.Judge("""{"children":[{"daat":1}]}""").Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_given_schema_may_be_a_text_or_an_object()
    {
        using var given = JsonDocument.Parse("""["{\"type\":\"integer\"}",{"type":"integer"}]""");
        Assert.All(given.RootElement.EnumerateArray(), one => Assert.Equal("""{"type":"integer"}""", AnswerSchema.Parse(one).Text));
    }

    private static IReadOnlyList<Fault> Faults(AnswerSchema schema, string json)
    {
        using var answer = JsonDocument.Parse(json);
        return schema.Faults(answer.RootElement);
    }
}
