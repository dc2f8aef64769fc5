using LocalMcp.Backends;
using LocalMcp.Schema;

namespace LocalMcp.Chat;

/// <summary>Holds an answer against the schema that was asked for, and has it put right once.</summary>
internal static class JsonAnswer
{
    /// <summary>The reply with its JSON as text; or with its text as it is, and what is wrong with it in <see cref="ChatReply.Malformed"/>.</summary>
    /// <param name="again">Asks the model to put its answer right.</param>
    public static async Task<ChatReply> OfAsync(AnswerSchema schema, ChatReply reply, Func<Repair, Task<ChatReply>> again)
    {
        if (reply.Unfinished is not null || schema.Judge(reply.Text) is not { Complaint: { } complaint })
            return Judged(schema, reply);
        try
        {
            return Judged(schema, (await again(new Repair(reply.Text, complaint))).After(reply));
        }
        catch (BackendException failed)
        {
            // The first answer is worth more than nothing.
            return reply with { Malformed = $"The text above is not valid against json_schema: {Faults(schema, reply)}. It could not be repaired: {failed.Message}" };
        }
    }

    private static ChatReply Judged(AnswerSchema schema, ChatReply reply)
    {
        if (reply.Unfinished is { } unfinished)
            return reply.Trouble is null ? reply with { Malformed = $"The text above is not the JSON that was asked for: {unfinished}" } : reply;
        return schema.Judge(reply.Text).Json is { } json
            ? reply with { Text = json, IsJson = true }
            : reply with { Malformed = $"The text above is not valid against json_schema, after one try to have it repaired: {Faults(schema, reply)}. Ask with a simpler schema, or choose a larger model with set_model." };
    }

    private static string Faults(AnswerSchema schema, ChatReply reply) => string.Join("; ", schema.Judge(reply.Text).Faults);
}
