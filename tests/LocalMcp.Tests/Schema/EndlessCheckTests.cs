using LocalMcp.Schema;

namespace LocalMcp.Tests.Schema;

/// <summary>Schemas and answers that would keep a check busy for ever, or end the process.</summary>
public sealed class EndlessCheckTests
{
    [Fact]
    public void Alternatives_within_alternatives_end_with_a_sentence()
    {
        var levels = Enumerable.Range(0, 40).Select(i => $$"""
            "d{{i}}":{"anyOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}
            """);
        var schema = AnswerSchema.Parse($$"""{"$ref":"#/$defs/d0","$defs":{{{string.Join(',', levels)}},"d40":{"type":"null"} } }""");
        var failure = Assert.Throws<LocalMcpException>(() => schema.Judge("1"));
        Assert.Equal("The answer cannot be checked against json_schema: it takes more than 400,000 steps. Ask with a simpler schema: fewer alternatives within alternatives, simpler patterns.", failure.Message);
    }

    [Fact]
    public void A_pattern_that_backtracks_without_end_does_not()
    {
        var text = $"\"{new string('a', 5_000)}!\"";
        Assert.NotNull(AnswerSchema.Parse("""{"pattern":"^(a+)+$"}""").Judge(text).Complaint);
        Assert.NotNull(AnswerSchema.Parse("""{"pattern":"^(a|aa|a*)*b$"}""").Judge(text).Complaint);
        var failure = Assert.Throws<LocalMcpException>(() => AnswerSchema.Parse("""{"pattern":"^(?=(a+)+$)a"}""").Judge(text));
        Assert.Contains("the pattern ^(?=(a+)+$)a takes more than 1 s on one text", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_the_schema_that_backtracks_does_not_stop_its_reading()
    {
        var schema = AnswerSchema.Parse($$"""{"patternProperties":{"^(?=(a+)+$)a":true},"properties":{"{{new string('a', 40)}}!":true} }""");
        Assert.Null(schema.Constraint);
    }

    [Fact]
    public void An_answer_of_a_recursive_schema_may_be_as_deep_as_json_goes()
    {
        var schema = AnswerSchema.Parse("""{"$ref":"#/$defs/tree","$defs":{"tree":{"allOf":[{"anyOf":[{"type":"null"},{"type":"array","items":{"$ref":"#/$defs/tree"}}]}]}}}""");
        Assert.NotNull(schema.Judge($"{new string('[', 63)}null{new string(']', 63)}").Json);
        Assert.Contains("depth", schema.Judge($"{new string('[', 65)}null{new string(']', 65)}").Complaint, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(schema.Judge(new string('[', 100_000)).Complaint);
    }

    [Fact]
    public void Large_answers_are_checked_in_one_go()
    {
        var schema = AnswerSchema.Parse("""{"uniqueItems":true,"items":{"type":"object","required":["n"],"properties":{"n":{"type":"integer","multipleOf":1},"s":{"pattern":"^x*$"}},"additionalProperties":false}}""");
        var answer = $"[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"n":{{i}},"s":"xxxxxxxxxx"}"""))}]";
        Assert.NotNull(schema.Judge(answer).Json);
    }

    [Theory]
    [InlineData("1e999999999")]
    [InlineData("-1e-999999999")]
    public void Numbers_beyond_all_measure_are_refused_where_they_are_compared(string number)
    {
        Assert.Contains("a number with too many digits", AnswerSchema.Parse("""{"minimum":0}""").Judge(number).Complaint, StringComparison.Ordinal);
        Assert.NotNull(AnswerSchema.Parse("""{"type":"number"}""").Judge(number).Json);
    }

    [Fact]
    public void A_number_of_a_thousand_digits_is_compared_and_a_longer_one_refused()
    {
        var schema = AnswerSchema.Parse("""{"minimum":0,"multipleOf":3}""");
        Assert.NotNull(schema.Judge(new string('3', 1_000)).Json);
        Assert.NotNull(schema.Judge(new string('3', 100_000)).Complaint);
    }
}
