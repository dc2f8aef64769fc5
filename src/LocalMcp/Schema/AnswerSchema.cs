namespace LocalMcp.Schema;

/// <summary>The JSON Schema that an answer must be valid against.</summary>
/// <param name="Text">The schema, as JSON on one line.</param>
internal sealed record AnswerSchema(string Text)
{
    /// <summary>What the model is told of it, at the end of the question: a backend that constrains the answer does not show it the schema.</summary>
    public string Instruction => $"Answer with JSON alone, valid against this JSON Schema, without a code fence and without any other text:\n{Text}";
}
