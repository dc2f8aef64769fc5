using LocalMcp.Models;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The menu of models, shown by a client that can ask its user.</summary>
internal static class ModelMenu
{
    private const string Field = "model";

    /// <summary>What the user chose, as <c>backend/model</c>; null when there is nothing to choose, the client cannot ask, or the user declined.</summary>
    public static async Task<string?> AskAsync(McpServer server, Listing listing, string? active, CancellationToken cancellationToken)
    {
        var options = listing.Models.Where(m => m is { RemoteHost: null, Broken: null }).Select(m => new ElicitRequestParams.EnumSchemaOption { Const = m.Id, Title = Title(listing, m, active) }).ToList();
        if (options.Count == 0 || server.ClientCapabilities?.Elicitation is null)
            return null;
        try
        {
            var answer = await server.ElicitAsync(Question(options, listing.Models.FirstOrDefault(m => ListingText.IsActive(m, active))?.Id), cancellationToken);
            return answer.IsAccepted && answer.Content?.TryGetValue(Field, out var value) is true ? value.GetString() : null;
        }
        catch (Exception cannot) when (cannot is InvalidOperationException or McpException)
        {
            return null;
        }
    }

    private static ElicitRequestParams Question(List<ElicitRequestParams.EnumSchemaOption> options, string? active) => new()
    {
        Message = "Which local model shall answer from now on?",
        RequestedSchema = new ElicitRequestParams.RequestSchema
        {
            Properties = { [Field] = new ElicitRequestParams.TitledSingleSelectEnumSchema { Title = "Model", OneOf = options, Default = options.Any(o => o.Const == active) ? active : null } },
            Required = [Field],
        },
    };

    // A terminal shows about fifty characters of a title: what tells the models apart comes first.
    private static string Title(Listing listing, ModelFacts model, string? active)
    {
        var cells = ListingText.Row(listing, model);
        var facts = string.Join(" · ", cells.Skip(2).Where(cell => cell != "–"));
        return $"{(ListingText.IsActive(model, active) ? "● " : "")}{cells[0]} {model.Name} · {facts}";
    }
}
