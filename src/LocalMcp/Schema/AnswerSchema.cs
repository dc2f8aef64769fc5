using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>The JSON Schema that an answer must be valid against: draft 2020-12, 2019-09 or draft-07. <c>format</c> is an annotation, as the specification has it.</summary>
internal sealed class AnswerSchema
{
    private readonly SchemaDocument document;

    private AnswerSchema(JsonElement json)
    {
        document = SchemaReader.Read(json);
        Text = JsonLine.Of(json);
        Constraint = ConstraintSchema.Of(document);
    }

    /// <summary>The schema, as JSON on one line.</summary>
    public string Text { get; }

    /// <summary>
    /// What a backend is asked to constrain the answer to: the part of the schema that every converter of schemas into grammars knows. Null where
    /// that part would be too large. An answer that keeps to it may still be invalid.
    /// </summary>
    public JsonElement? Constraint { get; }

    /// <summary>What the model is told of it, at the end of the question: a backend that constrains the answer does not show it the schema.</summary>
    public string Instruction => $"Answer with JSON alone, valid against this JSON Schema, without a code fence and without any other text:\n{Text}";

    /// <summary>The schema that was given: an object, <c>true</c> for any JSON, or a text that holds one of them.</summary>
    /// <exception cref="LocalMcpException">It cannot be used; the message names the place as a JSON pointer, and what is expected there.</exception>
    public static AnswerSchema Parse(JsonElement given) => new(GivenSchema.Read(given));

    /// <inheritdoc cref="Parse(JsonElement)"/>
    public static AnswerSchema Parse(string text) => new(GivenSchema.Read(text));

    /// <summary>What is wrong with a JSON value, ten things at most; none when it is valid.</summary>
    /// <exception cref="LocalMcpException">The schema makes the check endless for this value.</exception>
    public IReadOnlyList<Fault> Faults(JsonElement answer) => new Evaluation(document).Faults(answer);

    /// <summary>Finds the JSON in an answer and checks it.</summary>
    /// <exception cref="LocalMcpException">The schema makes the check endless for this answer.</exception>
    public Judgement Judge(string answer)
    {
        var found = AnswerJson.Find(answer);
        if (found.Trouble is { } trouble)
            return Judgement.Against([trouble]);
        var judged = found.Candidates.Select(candidate => (candidate.Text, Faults: Faults(candidate.Value))).ToList();
        if (judged.Where(one => one.Faults.Count == 0).ToList() is [var valid])
            return new Judgement(valid.Text, null);
        return Judgement.Against(judged is [var only]
            ? [.. only.Faults.Select(fault => fault.ToString())]
            : [$"the answer holds {judged.Count} JSON values; it must be one"]);
    }
}

/// <summary>What became of an answer: either its JSON, as the model wrote it, or what to tell the model.</summary>
/// <param name="Json">The valid JSON; null when there is none.</param>
/// <param name="Complaint">What is wrong, in words for the model, with what it is to do; null when the answer is valid.</param>
internal sealed record Judgement(string? Json, string? Complaint)
{
    /// <summary>What is wrong, one line each, for whoever asked the model.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    public static Judgement Against(IReadOnlyList<string> faults) => new(null, Words(faults)) { Faults = faults };

    private static string Words(IReadOnlyList<string> faults) =>
        $"That answer is not valid:\n{string.Join('\n', faults.Select(fault => $"- {fault}"))}\nAnswer again with the whole JSON, corrected, and nothing else: no code fence, no other text.";
}
