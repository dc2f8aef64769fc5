using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>Questions to an engine, as its callers write them, and the answers as they read them.</summary>
internal static class Conversation
{
    /// <summary>Everything that an answer consists of.</summary>
    internal sealed record Answer(int Status, string Text, string? Finish, IReadOnlyList<JsonNode> Chunks, bool Done)
    {
        public JsonNode Usage => Chunks.Select(chunk => chunk["usage"]).Last(usage => usage is not null)!;

        public JsonNode Timings => Chunks.Select(chunk => chunk["timings"]).Last(timings => timings is not null)!;

        public JsonNode Error => Chunks.Select(chunk => chunk["error"]).First(error => error is not null)!;
    }

    /// <summary>A streamed question and its whole answer.</summary>
    /// <param name="more">Further fields of the request, as JSON without the outer braces.</param>
    public static async Task<Answer> AskAsync(this LlamaSharpEngine engine, string prompt, string more = "")
    {
        using var reply = await SendAsync(engine, prompt, more, CancellationToken.None);
        if (!reply.IsSuccessStatusCode)
            return new Answer((int)reply.StatusCode, "", null, [JsonNode.Parse(await reply.Content.ReadAsStringAsync(CancellationToken.None))!], Done: false);
        var events = new List<string>();
        await foreach (var data in ReadAsync(reply))
            events.Add(data);
        var chunks = events.Where(data => data != "[DONE]").Select(data => JsonNode.Parse(data)!).ToList();
        var choices = chunks.SelectMany(chunk => chunk["choices"]?.AsArray() ?? []).ToList();
        return new Answer(
            200, string.Concat(choices.Select(choice => (string?)choice!["delta"]!["content"])), choices.Select(choice => (string?)choice!["finish_reason"]).LastOrDefault(), chunks, events is [.., "[DONE]"]);
    }

    /// <summary>The chunks of a streamed question, one by one; leaving off closes the connection.</summary>
    public static async IAsyncEnumerable<JsonNode> FollowAsync(this LlamaSharpEngine engine, string prompt, string more = "")
    {
        using var gone = new CancellationTokenSource();
        using var reply = await SendAsync(engine, prompt, more, gone.Token);
        await foreach (var data in ReadAsync(reply))
        {
            if (data != "[DONE]")
                yield return JsonNode.Parse(data)!;
        }
    }

    /// <summary>The body of a request that is not streamed, or of anything else that is posted.</summary>
    public static async Task<(int Status, JsonNode Body)> PostAsync(this LlamaSharpEngine engine, string body)
    {
        using var content = new StringContent(body);
        using var reply = await engine.Client.PostAsync("v1/chat/completions", content, TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    public static string? Said(this JsonNode chunk) => (string?)chunk["choices"]?.AsArray().FirstOrDefault()?["delta"]?["content"];

    private static async Task<HttpResponseMessage> SendAsync(LlamaSharpEngine engine, string prompt, string more, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse($"{{{more}}}")!.AsObject();
        body["model"] = "any";
        body["stream"] = true;
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent(body.ToJsonString()) };
        return await engine.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, TestContext.Current.CancellationToken).Token);
    }

    private static async IAsyncEnumerable<string> ReadAsync(HttpResponseMessage reply)
    {
        await using var stream = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
            yield return item.Data;
    }
}
