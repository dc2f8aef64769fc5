using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Prompts;

/// <summary>A prompt that a client knows by its card (<see cref="Tools.Cards"/>), and that is made when it is first called.</summary>
internal sealed class CardedPrompt(Prompt card, Func<McpServerPrompt> make) : McpServerPrompt
{
    private readonly Lazy<McpServerPrompt> made = new(make);

    public override Prompt ProtocolPrompt => card;

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken = default) =>
        made.Value.GetAsync(request, cancellationToken);
}
