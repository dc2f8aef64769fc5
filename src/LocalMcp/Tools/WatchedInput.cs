using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tools;

/// <summary>
/// Standard input as the transport reads it, with an eye on each line: one that is no JSON-RPC message and has no id to answer to would be
/// dropped without a word, and its sender would wait. It gets the error that JSON-RPC 2.0 has for it, with a null id.
/// </summary>
internal sealed class WatchedInput(Stream input, Func<JsonRpcError, Task> reply) : PassingStream
{
    // What a pipe holds. The transport asks for 1 KiB at a time, and each read of the console's stream costs a system call and two changes of thread.
    private const int Piece = 64 * 1024;

    private readonly MemoryStream line = new();
    private readonly byte[] piece = new byte[Piece];
    private ReadOnlyMemory<byte> ahead;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ahead.Length == 0)
            await FillAsync(cancellationToken);
        var read = Math.Min(buffer.Length, ahead.Length);
        ahead[..read].CopyTo(buffer);
        ahead = ahead[read..];
        return read;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        // A read of the console's stream does not end when it is cancelled: the wait for it does.
        var read = await input.ReadAsync(piece, cancellationToken).AsTask().WaitAsync(cancellationToken);
        ahead = piece.AsMemory(0, read);
        for (var rest = ahead; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            line.Write(rest.Span[..(end < 0 ? rest.Length : end)]);
            if (end < 0)
                break;
            rest = rest[(end + 1)..];
            await JudgeAsync();
        }
    }

    private async Task JudgeAsync()
    {
        var trouble = Trouble(line.GetBuffer().AsSpan(0, (int)line.Length));
        line.SetLength(0);
        if (line.Capacity > 1024 * 1024)
            line.Capacity = 0;
        if (trouble is { } found)
            await reply(new JsonRpcError { Id = default, Error = new JsonRpcErrorDetail { Code = (int)found.Code, Message = found.Message } });
    }

    // The transport itself answers a broken message whose id it can find, so this speaks only where there is no id to answer to.
    private static (McpErrorCode Code, string Message)? Trouble(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("\uFEFF"u8))
            message = message["\uFEFF"u8.Length..];
        if (message.Trim(" \r\t"u8).Length == 0)
            return null;
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var (hasId, hasUsableId, hasMethod) = (false, false, false);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return (McpErrorCode.InvalidRequest, "A message must be one JSON-RPC 2.0 object on one line.");
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var (isId, isMethod) = (Is(ref reader, "id"u8), Is(ref reader, "method"u8));
                reader.Read();
                hasId |= isId;
                hasUsableId |= isId && (reader.TokenType == JsonTokenType.String || (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _)));
                hasMethod |= isMethod && reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }
            return hasUsableId || (hasMethod && !hasId) ? null : (McpErrorCode.InvalidRequest, "A request needs a method and an id that is a text or a whole number; a notification has a method and no id.");
        }
        catch (JsonException)
        {
            return hasUsableId ? null : (McpErrorCode.ParseError, "This line is not JSON. A message must be one JSON-RPC 2.0 object on one line.");
        }
    }

    // A name with half of a surrogate pair is none of those that count, and asking the reader about it is an exception.
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
            line.Dispose();
        }
        base.Dispose(disposing);
    }
}
