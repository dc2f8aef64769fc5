using LocalMcp.Models;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The menu of models, shown by a client that can ask its user.</summary>
internal static class ModelMenu
{
    private const string Field = "model";

    /// <summary>
    /// What was chosen, as <c>backend/model</c>; null when there is nothing to choose, the client cannot ask, or it says that nobody answered, as Claude Code
    /// does where nobody is there. And whether the user declined: then nobody need show the models again.
    /// </summary>
    public static async Task<(bool Declined, string? Chosen)> AskAsync(McpServer server, Menu menu, CancellationToken cancellationToken)
    {
        var options = menu.Entries.Where(e => e.Model is { RemoteHost: null, Broken: null }).Select(e => new ElicitRequestParams.EnumSchemaOption { Const = e.Model.Id, Title = MenuText.Title(e) }).ToList();
        if (options.Count == 0 || server.ClientCapabilities?.Elicitation is null)
            return (false, null);
        try
        {
            var answer = await server.ElicitAsync(Question(options, menu.Entries.FirstOrDefault(e => e.IsActive)?.Model.Id), cancellationToken);
            return (answer.Action == "decline", answer.IsAccepted && answer.Content?.TryGetValue(Field, out var value) is true ? value.GetString() : null);
        }
        catch (Exception cannot) when (cannot is InvalidOperationException or McpException)
        {
            return (false, null);
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
}
