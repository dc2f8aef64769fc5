using LocalMcp.Chat;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>
/// What every call of a tool goes through: the arguments are checked before, a failure that we know becomes an error with our own words
/// (any other exception's text is hidden from the client), and the end of the session ends the call.
/// </summary>
internal sealed class ToolCalls(SessionEnd session)
{
    /// <summary>
    /// The client hands about 10,000 characters of an error to its model and drops the rest. A part of an answer that is longer goes out
    /// as a plain result, so that it is read whole; what is wrong with it is said in either.
    /// </summary>
    private const int LongestError = 9_000;

    private const string SessionOver = "The session has ended, and the call with it. Ask again in a new session.";

    /// <summary>A reply as a result: an error where there is something wrong with it. JSON is a block of its own, so that a program can read it.</summary>
    public static CallToolResult Result(ChatReply reply)
    {
        var text = reply.Render();
        return new CallToolResult
        {
            Content = reply is { IsJson: true, Doubt: null } ? [new TextContentBlock { Text = reply.Text }, new TextContentBlock { Text = reply.Footer }] : [new TextContentBlock { Text = text }],
            IsError = reply.Doubt is not null && text.Length <= LongestError ? true : null,
        };
    }

    public McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        if (session.Ended.IsCancellationRequested)
            return Failed(SessionOver);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Ended);
        try
        {
            if (request.MatchedPrimitive is McpServerTool tool)
                ArgumentCheck.Check(tool.ProtocolTool.Name, tool.ProtocolTool.InputSchema, request.Params.Arguments);
            return await next(request, either.Token);
        }
        catch (LocalMcpException known)
        {
            return Failed(known.Message);
        }
        catch (Exception) when (session.Ended.IsCancellationRequested)
        {
            // Cancelled, or run into something that has been closed by now. The SDK would take it for a defect, and log it with its trace. Hardly anybody reads this any more.
            return Failed(SessionOver);
        }
    };

    /// <summary>The same for a prompt: at the end of the session it is over, and nothing to log with a trace.</summary>
    public McpRequestHandler<GetPromptRequestParams, GetPromptResult> GuardPrompt(McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => async (request, cancellationToken) =>
    {
        if (session.Ended.IsCancellationRequested)
            return Over();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Ended);
        try
        {
            return await next(request, either.Token);
        }
        catch (Exception) when (session.Ended.IsCancellationRequested)
        {
            return Over();
        }
    };

    private static GetPromptResult Over() => new() { Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = SessionOver } }] };

    private static CallToolResult Failed(string why) => new() { Content = [new TextContentBlock { Text = why }], IsError = true };
}
