using System.Text.Json;
using LocalMcp.Schema;

namespace LocalMcp.Tests.Schema;

/// <summary>Schemas that cannot be used, and how that is said before anything is sent.</summary>
public sealed class BadSchemaTests
{
    [Theory]
    [InlineData("""{"type":"strin"}""", "/type must be one of \"object\", \"array\"", "is \"strin\"")]
    [InlineData("""{"type":[]}""", "/type must be one of", "is an empty array")]
    [InlineData("""{"type":["string",7]}""", "/type must be one of", "is 7")]
    [InlineData("""{"properties":["a"]}""", "/properties must be an object", "is an array")]
    [InlineData("""{"properties":{"age":{"type":"integer","minimum":"0"}}}""", "/properties/age/minimum must be a number", "is \"0\"")]
    [InlineData("""{"properties":{"a/b~c":{"type":5}}}""", "/properties/a~1b~0c/type must be one of", "is 5")]
    [InlineData("""{"properties":{"a":{"type":"string","required":true}}}""", "/properties/a/required must be a list of names, beside \"properties\"", "is true")]
    [InlineData("""{"required":"a"}""", "/required must be a list of names", "is \"a\"")]
    [InlineData("""{"required":[1]}""", "/required must be a list of names", "is an array")]
    [InlineData("""{"minLength":-1}""", "/minLength must be a whole number, 0 or more", "is -1")]
    [InlineData("""{"maxItems":1.5}""", "/maxItems must be a whole number, 0 or more", "is 1.5")]
    [InlineData("""{"minProperties":"2"}""", "/minProperties must be a whole number", "is \"2\"")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf must be more than 0", "is 0")]
    [InlineData("""{"exclusiveMinimum":true,"minimum":1}""", "/exclusiveMinimum must be a number (true and false are draft-04)", "is true")]
    [InlineData("""{"pattern":"(a"}""", "/pattern must be a regular expression of ECMAScript", "(a is none")]
    [InlineData("""{"pattern":"[a"}""", "/pattern must be a regular expression of ECMAScript", "[ without its ]")]
    [InlineData("""{"pattern":"\\Aabc\\Z"}""", "/pattern must be a regular expression", "has \\A, which ECMAScript does not know")]
    [InlineData("""{"pattern":"(?i)abc"}""", "/pattern must be a regular expression", "begins with (?i), which ECMAScript does not know")]
    [InlineData("""{"pattern":"\\p{Klingon}"}""", "/pattern must be a regular expression", "\\p{Klingon}")]
    [InlineData("""{"patternProperties":{"[":{}}}""", "/patternProperties must be a regular expression", "[")]
    [InlineData("""{"enum":"a"}""", "/enum must be a list", "is \"a\"")]
    [InlineData("""{"enum":[]}""", "/enum must be a list of values, and is empty", "")]
    [InlineData("""{"anyOf":[]}""", "/anyOf must be a list of schemas, and is empty", "")]
    [InlineData("""{"allOf":{"type":"string"}}""", "/allOf must be a list", "is an object")]
    [InlineData("""{"not":"string"}""", "/not must be a schema: an object, true or false", "is \"string\"")]
    [InlineData("""{"items":"string"}""", "/items must be a schema", "is \"string\"")]
    [InlineData("""{"prefixItems":[{}],"items":[{}]}""", "/items must be a schema", "prefixItems")]
    [InlineData("""{"uniqueItems":"yes"}""", "/uniqueItems must be true or false", "")]
    [InlineData("""{"dependentRequired":{"a":"b"}}""", "/dependentRequired must be a list of names", "is \"b\"")]
    [InlineData("""{"format":7}""", "/format must be a string", "is 7")]
    [InlineData("""{"$ref":7}""", "/$ref must be a string", "is 7")]
    [InlineData("""{"$ref":"#/$defs/item"}""", "/$ref is \"#/$defs/item\"", "no such schema in the document")]
    [InlineData("""{"$ref":"#item"}""", "/$ref is \"#item\"", "no such schema in the document")]
    [InlineData("""{"items":{"$ref":"https://example.com/a.json"}}""", "/items/$ref is \"https://example.com/a.json\", which leads out of the schema", "Put the other schema under $defs")]
    [InlineData("""{"items":{"$ref":"file:///etc/passwd"}}""", "/items/$ref is \"file:///etc/passwd\", which leads out of the schema", "")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":"text"}}""", "/$defs/a must be a schema", "is \"text\"")]
    [InlineData("""{"$ref":"#"}""", "its root leads back to itself", "")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""", "leads back to itself by $ref, allOf, anyOf, oneOf, not", "")]
    [InlineData("""{"$recursiveRef":"#"}""", "/$recursiveRef is not known here", "\"$ref\": \"#\"")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","type":"object"}""", "/$schema is \"http://json-schema.org/draft-04/schema#\", which is not known here", "draft 2020-12")]
    [InlineData("""{"$schema":7}""", "/$schema must be a string", "is 7")]
    [InlineData("""{"$id":"a#b"}""", "/$id must be a URI without a fragment", "")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "/$defs/b/$anchor is \"x\", which another schema of the document has too", "")]
    [InlineData("""{"name":"person","schema":{"type":"object"}}""", "its root has no keyword of JSON Schema, only name, schema", "send the schema itself")]
    [InlineData("""{"firstName":"Ann","age":7}""", "its root has no keyword of JSON Schema, only firstName, age", "not an example of the answer")]
    public void Is_refused_with_the_place_and_what_is_expected(string schema, string words, string more)
    {
        var refusal = Refusal(schema);
        Assert.StartsWith("json_schema cannot be used: ", refusal, StringComparison.Ordinal);
        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.Contains(more, refusal, StringComparison.Ordinal);
        Assert.EndsWith("nothing was sent to a model.", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "json_schema is an array. Send a JSON Schema as a JSON object")]
    [InlineData("false", "json_schema is false.")]
    [InlineData("null", "json_schema is null.")]
    [InlineData("7", "json_schema is a number.")]
    [InlineData("\"\"", "json_schema holds no valid JSON (it is empty).")]
    [InlineData("\"type: object\"", "json_schema holds no valid JSON (")]
    [InlineData("\"[1]\"", "json_schema is an array.")]
    [InlineData("""{"type":"object","type":"array"}""", "json_schema holds no valid JSON (")]
    public void Is_refused_where_it_is_no_object(string given, string words)
    {
        using var json = JsonDocument.Parse(given);
        Assert.StartsWith(words, Assert.Throws<LocalMcpException>(() => AnswerSchema.Parse(json.RootElement)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_in_words_that_can_be_shown() => Assert.DoesNotContain(Refusal("{ \u001b[31m }"), char.IsControl);

    [Fact]
    public void Is_refused_where_it_is_nested_or_large_beyond_all_use()
    {
        Assert.Contains("json_schema holds no valid JSON", Refusal(string.Concat(Enumerable.Repeat("""{"items":""", 80)) + "{}" + new string('}', 80)), StringComparison.Ordinal);
        Assert.Contains("100,000 are the most", Refusal($$"""{"description":"{{new string('x', 100_000)}}"}"""), StringComparison.Ordinal);
        Assert.Contains("leads through more than 100 schemas", Refusal($$"""{"$ref":"#/$defs/d0","$defs":{{{string.Join(',', Enumerable.Range(0, 200).Select(i => $$$"""
            "d{{{i}}}":{"$ref":"#/$defs/d{{{i + 1}}}"}
            """))}},"d200":{} } }"""), StringComparison.Ordinal);
        Assert.Contains("is one schema too many", Refusal($$"""{"anyOf":[{{string.Join(',', Enumerable.Repeat("true", 11_000))}}]}"""), StringComparison.Ordinal);
    }

    private static string Refusal(string schema) => Assert.Throws<LocalMcpException>(() => AnswerSchema.Parse(schema)).Message;
}
