using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>Gives an answer in one piece, after the time and with the faults that its stream would have had.</summary>
internal static class WholePlayer
{
    public static async Task PlayAsync(Exchange x, ChatScript script, Func<ChatScript, bool, JsonObject> whole)
    {
        var options = x.Options;
        var count = script.Pieces.Count;
        if (options.HoldAfterChunks <= count)
            await x.HoldAsync();
        await x.PaceAsync(count);

        if (options.ErrorAfterChunks <= count)
        {
            await Reply.ErrorAsync(x, 500, options.ErrorText ?? ErrorShape.EngineDied(x.Kind));
            return;
        }

        if (options.EndAfterChunks is { } end && end <= count)
        {
            await Reply.OkAsync(x, whole(script with { Pieces = [.. script.Pieces.Take(end)] }, false));
            return;
        }

        if (options.DropAfterChunks <= count)
            x.Drop();
        else
            await Reply.OkAsync(x, whole(script, true));
    }
}
