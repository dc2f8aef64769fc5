using System.ComponentModel;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.Tools;
using ModelContextProtocol.Server;

namespace LocalMcp.Prompts;

/// <summary>
/// The prompt <c>switch-model</c>: in Claude Code /mcp__local__switch-model, which asks the user with a menu before any model has its turn. The switch is made here; what
/// goes on to Claude is only what there is to tell.
/// </summary>
internal sealed class SwitchModelPrompt(ModelSwitch models, MenuMaker menus, SessionEnd session, TimeProvider clock)
{
    /// <summary>How long the user waits for a model to load before he is told that it loads. Claude Code 2.1.329 gives up a prompt after 60 s; with the handshake of 2025-11-25 the time of an open menu counts in these.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    [McpServerPrompt(Name = "switch-model", Title = "Switch the local model")]
    [Description("Switch the local model that answers: a menu, or at once with a number or a part of a name.")]
    public async Task<string> SwitchModelAsync(
        McpServer server,
        CancellationToken cancellationToken,
        [Description("Number of the menu, or a unique part of a name. Empty: the menu.")] string model = "")
    {
        try
        {
            return await AnswerAsync(server, model.Trim(), cancellationToken);
        }
        catch (LocalMcpException known)
        {
            return $"The local model was not switched. Tell me this as it is, and do nothing else:\n{known.Message}";
        }
        catch (Exception) when (session.Ended.IsCancellationRequested)
        {
            // The SDK would log it with its trace.
            return "The session has ended before the local model was switched and tried.";
        }
    }

    private async Task<string> AnswerAsync(McpServer server, string wanted, CancellationToken cancellationToken)
    {
        if (wanted.Length == 0)
        {
            var menu = await menus.ReadAsync(cancellationToken);
            var answer = await ModelMenu.AskAsync(server, menu, cancellationToken);
            if (answer.Declined)
                return "I left the menu of local models, and nothing was changed. Say so in one line, and do nothing else.";
            if (answer.Model is not { } chosen)
                return $"Show me this list of local models in a code block, exactly as it is, say that this command with a number switches, and do nothing else:\n{MenuText.Table(menu)}";
            wanted = chosen;
        }
        var switched = await models.ToAsync(wanted, force: false, _ => { }, cancellationToken);
        return $"I have switched the local model. Tell me these lines as they are, and do nothing else:\n{switched}\n{await WarmAsync(cancellationToken)}";
    }

    // A model that takes longer goes on loading: the switch is made, and the next question will find it there.
    private async Task<string> WarmAsync(CancellationToken cancellationToken)
    {
        var warming = models.WarmAsync(_ => { }, session.Ended);
        try
        {
            return (await warming.WaitAsync(LongestWait, clock, cancellationToken)).Line;
        }
        catch (TimeoutException)
        {
            _ = warming.ContinueWith(done => done.Exception, TaskScheduler.Default);
            return "It is still loading. `quick_test` says when it answers.";
        }
    }
}
