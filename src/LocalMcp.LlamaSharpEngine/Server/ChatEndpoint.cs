using LocalMcp.LlamaSharpEngine.Batching;
using Microsoft.AspNetCore.Http;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>POST /v1/chat/completions: a request becomes a run, and the run's events become chunks or one reply.</summary>
internal static class ChatEndpoint
{
    public static async Task AnswerAsync(Engine.Loaded ready, string alias, TimeProvider clock, HttpContext context)
    {
        var body = await ChatBody.ReadAsync(context.Request.Body, context.RequestAborted);
        var run = new ChatRun(Ask(ready, body), clock);
        var words = new ChatWords(alias, clock.GetUtcNow().ToUnixTimeSeconds());
        ready.Loop.Add(run);
        try
        {
            await (body.Stream == true ? StreamAsync(run, body, words, context) : ReplyAsync(run, words, context));
        }
        finally
        {
            // After the end of the answer this changes nothing.
            ready.Loop.Cancel(run);
        }
    }

    private static ChatAsk Ask(Engine.Loaded ready, ChatBody body)
    {
        var prompt = ready.Model.Tokenize(ready.Template.Render(body.Conversation(), body.Think));
        if (prompt.Length == 0)
            throw new RequestException(RequestError.Invalid("The prompt is empty. Send a message with content."));
        return prompt.Length < ready.Model.SlotContext
            ? new ChatAsk(prompt, body.Limit(), body.Stops(), body.Sampling())
            : throw new RequestException(RequestError.TooLong(prompt.Length, ready.Model.SlotContext));
    }

    private static async Task StreamAsync(ChatRun run, ChatBody body, ChatWords words, HttpContext context)
    {
        await foreach (var step in run.Events.ReadAllAsync(context.RequestAborted))
        {
            if (step is RunEvent.Failed early && !context.Response.HasStarted)
                throw new RequestException(early.Error);
            if (step is RunEvent.PromptRead && body.ReturnProgress != true)
                continue;
            if (!context.Response.HasStarted)
                await Replies.SendAsync(context, words.Start(), EngineJson.Default.ChatReply);
            await SendAsync(step, words, context);
            if (step is RunEvent.Finished end)
                await EndAsync(end.Timings, body, words, context);
        }
    }

    private static Task SendAsync(RunEvent step, ChatWords words, HttpContext context) => step is RunEvent.Failed failed
        ? Replies.SendAsync(context, ErrorWire.Body(failed.Error), EngineJson.Default.ErrorReply)
        : Replies.SendAsync(context, words.Chunk(step), EngineJson.Default.ChatReply);

    private static async Task EndAsync(RunTimings timings, ChatBody body, ChatWords words, HttpContext context)
    {
        if (body.StreamOptions?.IncludeUsage == true)
            await Replies.SendAsync(context, words.Cost(timings), EngineJson.Default.ChatReply);
        await Replies.SendDoneAsync(context);
    }

    private static async Task ReplyAsync(ChatRun run, ChatWords words, HttpContext context)
    {
        var text = new System.Text.StringBuilder();
        await foreach (var step in run.Events.ReadAllAsync(context.RequestAborted))
        {
            if (step is RunEvent.Text said)
                text.Append(said.Piece);
            else if (step is RunEvent.Failed failed)
                throw new RequestException(failed.Error);
            else if (step is RunEvent.Finished end)
                await Replies.WriteAsync(context, 200, words.Whole(text.ToString(), end), EngineJson.Default.ChatReply);
        }
    }
}
