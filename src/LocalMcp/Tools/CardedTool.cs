using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>A tool that a client knows by its card (<see cref="Cards"/>), and that is made when it is first called.</summary>
internal sealed class CardedTool(Tool card, Func<McpServerTool> make) : McpServerTool
{
    private readonly Lazy<McpServerTool> made = new(make);

    public override Tool ProtocolTool => card;

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        made.Value.InvokeAsync(request, cancellationToken);
}
