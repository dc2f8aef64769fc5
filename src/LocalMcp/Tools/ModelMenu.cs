using LocalMcp.Models;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The menu of models, shown by a client that can ask its user.</summary>
internal static class ModelMenu
{
    private const string Field = "model";

    /// <summary>What came of asking.</summary>
    /// <param name="Model">What the user chose, as <c>backend/model</c>; null when there is nothing to choose, the client cannot ask, or the user left the menu.</param>
    /// <param name="Declined">Whether the user saw the menu and said no. A menu that is cancelled may as well be one that nobody saw: <c>claude -p</c> answers so.</param>
    internal readonly record struct Answer(string? Model, bool Declined = false);

    /// <summary>Shows the models that can be chosen, the active one as the default, and waits for the user.</summary>
    public static async Task<Answer> AskAsync(McpServer server, Menu menu, CancellationToken cancellationToken)
    {
        var options = menu.Entries.Where(e => e.Model is { RemoteHost: null, Broken: null }).Select(e => new ElicitRequestParams.EnumSchemaOption { Const = e.Model.Id, Title = MenuText.Title(e) }).ToList();
        if (options.Count == 0 || server.ClientCapabilities?.Elicitation is null)
            return default;
        try
        {
            var answer = await server.ElicitAsync(Question(options, menu.Entries.FirstOrDefault(e => e.IsActive)?.Model.Id), cancellationToken);
            return new Answer(answer.IsAccepted && answer.Content?.TryGetValue(Field, out var value) is true ? value.GetString() : null, answer.Action == "decline");
        }
        catch (Exception cannot) when (cannot is InvalidOperationException or McpException)
        {
            return default;
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
