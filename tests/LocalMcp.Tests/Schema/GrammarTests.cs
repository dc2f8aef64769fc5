using LocalMcp.Chat;
using LocalMcp.Schema;
using LocalMcp.TestModels;
using LocalMcp.Tests.Keeper;

namespace LocalMcp.Tests.Schema;

/// <summary>A real engine under the constraint. Its model says random tokens: what is valid of that is so by the constraint alone.</summary>
public sealed class GrammarTests : IDisposable
{
    private const int MaxTokens = 3_000;
    private const int MostTries = 10;

    private readonly EngineHome home = new();

    [Theory]
    [InlineData("""{"type":"object","required":["a","b"],"properties":{"a":{"type":"integer"},"b":{"enum":["x","y",null]},"c":{"type":"boolean"}}}""")]
    [InlineData("""{"type":"array","minItems":2,"maxItems":4,"items":{"type":"integer","minimum":10,"exclusiveMaximum":20}}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"boolean"},{"const":{"k":"\u00e9\"\\"}}],"items":false}""")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["when","n"],"properties":{"when":{"type":"string","format":"date"},"n":{"$ref":"#/definitions/n~1m"}},"definitions":{"n/m":{"type":["null","boolean"]}}}""")]
    [InlineData("""{"oneOf":[{"type":"object","required":["kind"],"properties":{"kind":{"const":"a"}}},{"type":"object","required":["kind","n"],"properties":{"kind":{"const":"b"},"n":{"type":"integer"}}}]}""")]
    [InlineData("""{"allOf":[{"type":"object","required":["a"]},{"properties":{"a":{"$ref":"#/$defs/a"}},"required":["b"]}],"$defs":{"a":{"$anchor":"a","type":"null"}},"properties":{"b":true},"maxProperties":2}""")]
    [InlineData("""{"type":"object","required":["left"],"properties":{"left":{"anyOf":[{"type":"null"},{"$ref":"#"}]}}}""")]
    [InlineData("""{"type":"string","pattern":"","maxLength":100000,"enum":["a","b"]}""")]
    public async Task A_random_model_says_valid_json(string given)
    {
        RandomModel.Write(home.Model("random"), RandomArchitecture.Named("llama").Sample);
        await using var house = home.House();
        var schema = AnswerSchema.Parse(given);
        Assert.NotNull(schema.Judge((await ConstrainedChat.AskAsync(house, null, "random", maxTokens: 50)).Text).Complaint);
        // A random text can go on until the tokens are used up; what was cut proves nothing.
        var reply = await ConstrainedChat.AskAsync(house, schema, "random", maxTokens: MaxTokens);
        for (var tries = 1; reply.Finish == FinishReason.Length && tries < MostTries; tries++)
            reply = await ConstrainedChat.AskAsync(house, schema, "random", maxTokens: MaxTokens);
        var judgement = schema.Judge(reply.Text);
        Assert.True(judgement.Json is not null, $"{judgement.Complaint}\n{reply.Text}");
        Assert.Equal(FinishReason.Stop, reply.Finish);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_constraint_holds_after_the_reasoning_and_leaves_that_alone(bool think)
    {
        ScriptedModel.Write(home.Model("thinker"), new Script("<think>\nLet us see.\n</think>\n\nNo JSON at all.") { ChatTemplate = ChatTemplates.Qwen3 });
        await using var house = home.House();
        var schema = AnswerSchema.Parse("""{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}""");
        var reply = await ConstrainedChat.AskAsync(house, schema, "thinker", think, MaxTokens);
        Assert.NotNull(schema.Judge(reply.Text).Json);
        Assert.Equal(think ? "Let us see." : "", reply.Reasoning.Trim());
    }

    [Fact]
    public async Task A_reasoning_that_the_template_has_opened_is_closed_before_the_constraint_begins()
    {
        ScriptedModel.Write(home.Model("thinker"), new Script("Let us see.\n</think>\n\nNo JSON at all.") { ChatTemplate = ChatTemplates.Think });
        await using var house = home.House();
        var schema = AnswerSchema.Parse("""{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}""");
        Assert.NotNull(schema.Judge((await ConstrainedChat.AskAsync(house, schema, "thinker", think: false, MaxTokens)).Text).Json);
        Assert.NotNull(schema.Judge((await ConstrainedChat.AskAsync(house, schema, "thinker", think: true, MaxTokens)).Text).Json);
    }

    [Theory]
    [InlineData("""{"type":"string","minLength":5,"maxLength":3}""")]
    [InlineData("""{"type":"array","items":{"type":"null"},"minItems":5,"maxItems":3}""")]
    [InlineData("""{"type":"string","pattern":"^\"a\"$"}""")]
    [InlineData("""{"type":"array","items":{"type":"null"},"minItems":100000}""")]
    public async Task What_the_engine_would_hang_on_or_fail_with_never_reaches_it(string given)
    {
        ScriptedModel.Write(home.Model("plain"), new Script("\"no\""));
        await using var house = home.House();
        var schema = AnswerSchema.Parse(given);
        var reply = await ConstrainedChat.AskAsync(house, schema, "plain", maxTokens: 30);
        Assert.NotEmpty(reply.Text);
        Assert.NotNull(schema.Judge(reply.Text).Complaint);
    }

    public void Dispose() => home.Dispose();
}
