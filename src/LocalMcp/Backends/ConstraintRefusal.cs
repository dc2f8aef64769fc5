using System.Net;

namespace LocalMcp.Backends;

/// <summary>
/// Tells a server's refusal to constrain an answer from its other refusals: it does not know the field, or not what is in the schema, or its model
/// has no vocabulary for it. Such a chat is asked again without; the schema is in the question too, and the answer is checked in any case.
/// </summary>
internal static class ConstraintRefusal
{
    private static readonly HashSet<string> About = new(StringComparer.OrdinalIgnoreCase)
    {
        "response_format", "format", "json_schema", "schema", "grammar", "xgrammar", "guided", "guided_json", "structured", "structured_outputs",
    };

    public static bool IsIn(ServerReply reply) =>
        reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented
        && IsIn(reply.Body);

    /// <summary>Whether an error's body is about the constraint.</summary>
    public static bool IsIn(string body) => ServerWords.Overflow(body) is null && Words(body).Any(About.Contains);

    // Of the whole body: some servers name the field beside their sentence.
    private static IEnumerable<string> Words(string body)
    {
        var start = 0;
        for (var end = 0; end <= body.Length; end++)
        {
            if (end < body.Length && (char.IsAsciiLetterOrDigit(body[end]) || body[end] == '_'))
                continue;
            if (end > start)
                yield return body[start..end];
            start = end + 1;
        }
    }
}
