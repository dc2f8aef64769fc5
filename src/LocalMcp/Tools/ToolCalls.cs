using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>
/// What every call of a tool goes through: the arguments are checked before, a failure that we know becomes an error with our own words
/// (any other exception's text is hidden from the client), and the end of the session ends the call.
/// </summary>
internal sealed class ToolCalls(SessionEnd session)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Ended);
        try
        {
            if (request.MatchedPrimitive is McpServerTool tool)
                ArgumentCheck.Check(tool.ProtocolTool.Name, tool.ProtocolTool.InputSchema, request.Params.Arguments);
            return await next(request, either.Token);
        }
        catch (LocalMcpException known)
        {
            return new CallToolResult { Content = [new TextContentBlock { Text = known.Message }], IsError = true };
        }
    };
}
