using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>JSON onto the wire: whole, or as an event of a stream.</summary>
internal static class Replies
{
    private static readonly byte[] EventStart = "data: "u8.ToArray();
    private static readonly byte[] EventEnd = "\n\n"u8.ToArray();

    public static async Task WriteAsync<T>(HttpContext context, int status, T reply, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(reply, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static Task SendAsync<T>(HttpContext context, T data, JsonTypeInfo<T> type) => SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(data, type));

    public static Task SendDoneAsync(HttpContext context) => SendAsync(context, "[DONE]"u8.ToArray());

    private static async Task SendAsync(HttpContext context, byte[] data)
    {
        context.Response.ContentType ??= "text/event-stream";
        await context.Response.Body.WriteAsync(new byte[][] { EventStart, data, EventEnd }.SelectMany(part => part).ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
