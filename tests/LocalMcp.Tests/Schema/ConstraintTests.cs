using LocalMcp.Schema;

namespace LocalMcp.Tests.Schema;

/// <summary>The plainer schema that a backend is given.</summary>
public sealed class ConstraintTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a"]}""",
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"properties":{"a":true},"required":["z"]}""", """{"type":"object","properties":{"a":{},"z":{}},"required":["z"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":false,"b":{}},"patternProperties":{"^x":{}}}""", """{"type":"object","properties":{"b":{}},"additionalProperties":true}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("""{"type":"object","properties":{"a":{}},"minProperties":3}""", """{"type":"object","properties":{"a":{}},"additionalProperties":true}""")]
    [InlineData("""{"type":"object","properties":{"a":{}},"if":{"required":["a"]},"then":{"required":["b"]}}""", """{"type":"object","properties":{"a":{}},"additionalProperties":true}""")]
    [InlineData("""{"type":"object"}""", """{"type":"object"}""")]
    [InlineData("""{"type":"string","pattern":"^a$","minLength":2,"maxLength":9}""", """{"type":"string","minLength":2}""")]
    [InlineData("""{"type":"string","format":"date"}""", """{"type":"string","format":"date"}""")]
    [InlineData("""{"type":"string","format":"email"}""", """{"type":"string"}""")]
    [InlineData("""{"type":"integer","exclusiveMinimum":0,"maximum":9,"multipleOf":3}""", """{"type":"integer","minimum":1,"maximum":9}""")]
    [InlineData("""{"type":"integer","minimum":-1e30,"maximum":2.5}""", """{"type":"integer"}""")]
    [InlineData("""{"type":"number","minimum":0}""", """{"type":"number"}""")]
    [InlineData("""{"type":["string","null"]}""", """{"anyOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":5000,"maxItems":100000}""", """{"type":"array","items":{"type":"boolean"},"minItems":1000}""")]
    [InlineData("""{"type":"array","items":false}""", """{"type":"array","maxItems":0}""")]
    [InlineData("""{"prefixItems":[{"type":"null"},{}],"items":false}""", """{"type":"array","prefixItems":[{"type":"null"},{}],"minItems":2,"maxItems":2}""")]
    [InlineData("""{"prefixItems":[{"type":"null"}],"minItems":3}""", """{"type":"array","items":{},"minItems":3}""")]
    [InlineData("""{"type":"array","uniqueItems":true,"contains":{}}""", """{"type":"array","items":{}}""")]
    [InlineData("""{"enum":["a",1,null],"type":["string","null"]}""", """{"enum":["a",null]}""")]
    [InlineData("""{"const":{"a":[1.0]}}""", """{"enum":[{"a":[1.0]}]}""")]
    [InlineData("""{"allOf":[{"type":"string"},{"minLength":3}]}""", """{"type":"string","minLength":3}""")]
    [InlineData("""{"$ref":"#/$defs/p","properties":{"b":{"type":"null"}},"$defs":{"p":{"properties":{"a":{"type":"null"}},"required":["a"]}}}""",
        """{"type":"object","properties":{"a":{"type":"null"},"b":{"type":"null"}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"k":{"type":"string"}},"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"b"},"b":{"type":"null"}},"required":["b"]}]}""",
        """{"anyOf":[{"type":"object","properties":{"k":{"enum":["a"]}},"additionalProperties":false},{"type":"object","properties":{"k":{"enum":["b"]},"b":{"type":"null"}},"required":["b"],"additionalProperties":false}]}""")]
    [InlineData("""{"anyOf":[{"type":"null"},false]}""", """{"type":"null"}""")]
    [InlineData("""{"type":"object","properties":{"sub":{"type":"array","items":{"$ref":"#"}}},"required":["sub"]}""",
        """{"type":"object","properties":{"sub":{"type":"array","items":{"$ref":"#/$defs/s1"}}},"required":["sub"],"additionalProperties":false,"$defs":{"s1":{"type":"object","properties":{"sub":{"type":"array","items":{"$ref":"#/$defs/s1"}}},"required":["sub"],"additionalProperties":false}}}""")]
    [InlineData("{}", """{"anyOf":[{"type":"object"},{"type":"array"},{"type":"string"},{"type":"number"},{"type":"boolean"},{"type":"null"}]}""")]
    [InlineData("""{"not":{"type":"string"}}""", """{"anyOf":[{"type":"object"},{"type":"array"},{"type":"string"},{"type":"number"},{"type":"boolean"},{"type":"null"}]}""")]
    public void Holds_what_every_converter_knows(string schema, string constraint) => Assert.Equal(constraint, AnswerSchema.Parse(schema).Constraint?.GetRawText());

    [Theory]
    [InlineData("""{"type":"array","minItems":5,"maxItems":2}""")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":2}""")]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("""{"anyOf":[false]}""")]
    public void Is_left_away_where_it_would_let_nothing_pass(string schema) => Assert.Null(AnswerSchema.Parse(schema).Constraint);

    [Fact]
    public void Says_less_of_what_would_take_a_converter_long()
    {
        var properties = string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"p{i}\":{{}}"));
        Assert.Equal("""{"type":"object"}""", Constraint($$"""{"properties":{{{properties}} } }"""));
        Assert.Equal("""{"anyOf":[{"type":"string"}]}""", Constraint($$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"v{i}\""))}}]}"""));
    }

    [Fact]
    public void Is_left_away_where_it_would_be_very_large()
    {
        var properties = string.Join(',', Enumerable.Range(0, 48).Select(i => $"\"p{i}\":{{\"properties\":{{{string.Join(',', Enumerable.Range(0, 48).Select(j => $"\"q{j}\":{{\"type\":\"string\",\"minLength\":{(i * 48) + j + 1}}}"))}}}}}"));
        Assert.Null(AnswerSchema.Parse($$"""{"properties":{{{properties}} } }""").Constraint);
    }

    [Fact]
    public void Alternatives_within_alternatives_are_written_once()
    {
        var levels = Enumerable.Range(0, 40).Select(i => $$"""
            "d{{i}}":{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"type":"array","items":{"$ref":"#/$defs/d{{i + 1}}"} }]}
            """);
        var constraint = Constraint($$"""{"$ref":"#/$defs/d0","$defs":{{{string.Join(',', levels)}},"d40":{"type":"null"} } }""");
        Assert.InRange(constraint!.Length, 1_000, 100_000);
    }

    private static string? Constraint(string schema) => AnswerSchema.Parse(schema).Constraint?.GetRawText();
}
