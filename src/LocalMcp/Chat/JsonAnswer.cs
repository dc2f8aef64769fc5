using LocalMcp.Schema;

namespace LocalMcp.Chat;

/// <summary>Holds an answer against the schema that was asked for.</summary>
internal static class JsonAnswer
{
    /// <summary>What to tell the model about an answer that is complete and not valid; null when it is valid, or was never finished.</summary>
    public static Repair? Repair(AnswerSchema schema, ChatReply reply) =>
        reply.Unfinished is null && schema.Judge(reply.Text).Complaint is { } complaint ? new Repair(reply.Text, complaint) : null;

    /// <summary>The reply with its JSON as text; or as it is, with what is wrong in <see cref="ChatReply.Malformed"/>.</summary>
    public static ChatReply Judged(AnswerSchema schema, ChatReply reply)
    {
        if (reply.Unfinished is { } unfinished)
            return reply.Trouble is null ? reply with { Malformed = $"The text above is not the JSON that was asked for: {unfinished}" } : reply;
        var judgement = schema.Judge(reply.Text);
        return judgement.Json is { } json
            ? reply with { Text = json, IsJson = true }
            : reply with { Malformed = $"The text above is not valid against json_schema, after one try to have it repaired: {string.Join("; ", judgement.Faults)}. Ask with a simpler schema, or choose a larger model with set_model." };
    }
}
