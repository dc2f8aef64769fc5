using System.Text;
using LocalMcp.Chat;
using LocalMcp.Schema;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Schema;

/// <summary>A question with a schema to a house's backend, and what that sends back, before any filter.</summary>
internal sealed record ConstrainedChat(string Text, string Reasoning, FinishReason? Finish)
{
    public static async Task<ConstrainedChat> AskAsync(House house, AnswerSchema? schema, string model = "", bool think = false, int maxTokens = 0)
    {
        ChatDelta.Routed? route = null;
        await foreach (var step in house.Directory.RouteAsync(model, TestContext.Current.CancellationToken))
            route = step as ChatDelta.Routed;
        var (text, reasoning) = (new StringBuilder(), new StringBuilder());
        FinishReason? finish = null;
        var request = new ChatRequest("hi", Think: think, MaxTokens: maxTokens) { Schema = schema };
        await foreach (var delta in route!.Backend.StreamAsync(route.Model, request, TestContext.Current.CancellationToken))
        {
            text.Append((delta as ChatDelta.Text)?.Value);
            reasoning.Append((delta as ChatDelta.Reasoning)?.Value);
            finish = (delta as ChatDelta.Finish)?.Reason ?? finish;
        }
        return new ConstrainedChat(text.ToString(), reasoning.ToString(), finish);
    }
}
