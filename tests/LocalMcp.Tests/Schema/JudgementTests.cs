using LocalMcp.Schema;

namespace LocalMcp.Tests.Schema;

/// <summary>What an answer's JSON is, and what the model is told that wrote another.</summary>
public sealed class JudgementTests
{
    private const string Order =
        """
        {"type":"object","required":["id","items"],"additionalProperties":false,"properties":{
          "id":{"type":"string","pattern":"^[A-Z]{2}\\d+$"},
          "items":{"type":"array","minItems":1,"items":{"type":"object","required":["price"],"properties":{"price":{"type":"number","minimum":0},"size":{"enum":["S","M","L"]}}}},
          "note":{"type":["string","null"],"maxLength":5}}}
        """;

    [Theory]
    [InlineData("""{"id":7,"items":[]}""", "/id: must be a string, is 7", "/items: must have at least 1 item, has 0")]
    [InlineData("""{"id":"AB1","items":[{"price":"12"}]}""", "/items/0/price: must be a number, is \"12\"")]
    [InlineData("""{"id":"ab1","items":[{"price":-1,"size":"XL"}]}""", "/id: must match the regular expression ^[A-Z]{2}\\d+$, is \"ab1\"", "/items/0/price: must be at least 0, is -1", "/items/0/size: must be one of \"S\", \"M\", \"L\", is \"XL\"")]
    [InlineData("""{"items":[{"price":1}],"total":1}""", "the whole answer: must not have the property \"total\"; it may have id, items, note", "the whole answer: must have the property \"id\", which is missing")]
    [InlineData("""{"id":"AB1","items":[{"price":1}],"note":7}""", "/note: must be a string or null, is 7")]
    [InlineData("""{"id":"AB1","items":[{"price":1}],"note":"too long"}""", "/note: must have at most 5 characters, has 8: \"too long\"")]
    [InlineData("[1]", "the whole answer: must be an object, is an array")]
    public void Says_what_must_be_and_what_is(string answer, params string[] faults)
    {
        var judgement = AnswerSchema.Parse(Order).Judge(answer);
        Assert.Null(judgement.Json);
        Assert.Equal(faults.Order(), judgement.Faults.Order());
        Assert.StartsWith("That answer is not valid:\n- ", judgement.Complaint, StringComparison.Ordinal);
        Assert.EndsWith("nothing else: no code fence, no other text.", judgement.Complaint, StringComparison.Ordinal);
        Assert.All(faults, fault => Assert.Contains($"\n- {fault}\n", judgement.Complaint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "7", "the whole answer: must be a string or null, is 7")]
    [InlineData("""{"anyOf":[{"type":"object","required":["a"]},{"type":"object","required":["b","c"]},{"type":"null"}]}""", "{}", "fits none of the 3 alternatives of the schema; the nearest is number 1, for which:", "must have the property \"a\"")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "must fit exactly one of the 2 alternatives of the schema's oneOf, and fits number 1 and 2")]
    [InlineData("""{"not":{"const":3}}""", "3", "must not fit the schema {\"const\":3}, is 3")]
    [InlineData("""{"properties":{"a~/b":{"type":"null"}}}""", """{"a~/b":{}}""", "/a~0~1b: must be null, is an object")]
    [InlineData("""{"const":{"a":1}}""", "{}", "must be {\"a\":1}, is an object")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1]", "items 0 and 2 are equal")]
    [InlineData("""{"multipleOf":0.5}""", "0.3", "must be a multiple of 0.5, is 0.3")]
    [InlineData("""{"exclusiveMaximum":1e2}""", "100", "must be less than 1e2, is 100")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "the name of the property \"ab\" must have at most 1 character, has 2")]
    [InlineData("""{"contains":{"const":1}}""", "[2]", "must have at least 1 item of the kind that the schema's contains describes, has 0")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "/a: must not be there")]
    [InlineData("""{"minProperties":2}""", """{"a":1}""", "must have at least 2 properties, has 1")]
    public void Has_words_for_every_kind_of_fault(string schema, string answer, params string[] words)
    {
        var complaint = AnswerSchema.Parse(schema).Judge(answer).Complaint;
        Assert.All(words, one => Assert.Contains(one, complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_ten_faults_at_most()
    {
        var judgement = AnswerSchema.Parse("""{"items":{"type":"string"}}""").Judge($"[{string.Join(',', Enumerable.Range(0, 500))}]");
        Assert.Equal(10, judgement.Faults.Count);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData(" \n{ \"a\": 1.0 }\n\n", "{ \"a\": 1.0 }")]
    [InlineData("\uFEFF{\"a\":1}", """{"a":1}""")]
    [InlineData("```json\n{\"a\":1}\n```", """{"a":1}""")]
    [InlineData("Here it is:\n\n```\n{\"a\":1}\n```\nI hope that it helps.", """{"a":1}""")]
    [InlineData("```json\n{\"a\":1}", """{"a":1}""")]
    [InlineData("It is {\"a\":1}.", """{"a":1}""")]
    [InlineData("The list [1, 2] has the sum {\"a\":3}, as {said} in [1].", """{"a":3}""")]
    [InlineData("First I thought {\"a\":\"1\"}, but it is {\"a\":1}", """{"a":1}""")]
    [InlineData("```json\n{\"b\":1}\n```\nNo:\n```json\n{\"a\":1}\n```", """{"a":1}""")]
    [InlineData("{\"a\":1}\n\nThat is the answer.", """{"a":1}""")]
    public void Finds_the_json_as_the_model_wrote_it(string answer, string json)
    {
        var judgement = AnswerSchema.Parse("""{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}}""").Judge(answer);
        Assert.Equal((json, null), (judgement.Json, judgement.Complaint));
    }

    [Theory]
    [InlineData("", "the answer is empty")]
    [InlineData("I cannot do that.", "the answer holds no JSON")]
    [InlineData("{\"a\":1,}", "trailing comma", "line 1, near `{\"a\":1,}`")]
    [InlineData("{\"a\":NaN}", "'N' is an invalid start of a value")]
    [InlineData("{'a':1}", "'''")]
    [InlineData("{\"a\":1 // one\n}", "'/' is invalid after a value")]
    [InlineData("{\"a\":1,\"a\":2}", "Duplicate property")]
    [InlineData("{\"a\":[1,2", "no valid JSON")]
    [InlineData("Sure: {\"a\":{\"a\":1},}", "trailing comma")]
    [InlineData("Sure: {\"b\":{\"a\":1}, \"c\":", "no valid JSON")]
    [InlineData("```json\n{\"a\":1,}\n```", "the code block holds no valid JSON", "trailing comma")]
    [InlineData("{\"a\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"a\":1}{\"a\":2}", "the answer holds 2 JSON values; it must be one")]
    [InlineData("{\"b\":1} or {\"b\":2}", "the answer holds 2 JSON values; it must be one")]
    public void Says_why_there_is_none(string answer, params string[] words)
    {
        var judgement = AnswerSchema.Parse("""{"type":"object","required":["a"]}""").Judge(answer);
        Assert.Null(judgement.Json);
        Assert.All(words, one => Assert.Contains(one, judgement.Complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void Tells_the_model_the_schema_on_one_line()
    {
        var schema = AnswerSchema.Parse("{\n  \"type\": \"string\",\n  \"description\": \"é <b>\"\n}");
        Assert.Equal("""{"type":"string","description":"é <b>"}""", schema.Text);
        Assert.EndsWith($":\n{schema.Text}", schema.Instruction, StringComparison.Ordinal);
    }
}
