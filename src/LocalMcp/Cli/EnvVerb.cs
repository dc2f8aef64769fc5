using LocalMcp.Launch;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary>A client that can be told where the local model is.</summary>
internal enum ClientKind
{
    Claude,
    OpenCode,
    Aider,
    Zed,
}

/// <summary><c>local-mcp env</c>: what to paste, on standard output, and nothing else there.</summary>
internal static class EnvVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, ClientKind client, string model, ShellKind shell, bool anyway, CancellationToken cancellationToken)
    {
        var environment = services.GetRequiredService<UserEnvironment>();
        var least = client == ClientKind.Aider ? 0 : ClaudeContext.Least;
        await using var plan = await services.GetRequiredService<Launcher>().PrepareAsync(model, new LaunchWish(least, Messages: client == ClientKind.Claude, Stays: true, anyway), new ClaudeVerb.Told(), cancellationToken);
        // What goes by the context is told it; only Claude Code is of no use with a short one.
        IReadOnlyList<Variable> variables = client == ClientKind.Claude && plan.IsServed ? ClaudeEnvironment.Of(plan.Server, environment.NoProxy) : [];
        if (!ClaudeVerb.IsReady(plan.Findings, variables, environment) && client == ClientKind.Claude && !anyway)
        {
            Terminal.Complain("Nothing is printed. `local-mcp env claude --anyway` prints it all the same.");
            return 1;
        }
        if (client == ClientKind.Zed && plan.Server.Context is null)
            throw new LocalMcpException($"Zed has to be told the context, and {plan.Server.Name} does not say with how many tokens it serves {plan.Server.Model}. Load the model there, and try again.");
        foreach (var line in Lines(plan, client, shell, variables))
            await terminal.Results.WriteLineAsync(line);
        foreach (var variable in variables)
            Terminal.Complain($"  {variable.Name,-45} {variable.Why}");
        foreach (var hint in Hints(plan, client, shell))
            Terminal.Complain(hint);
        return 0;
    }

    private static IEnumerable<string> Lines(LaunchPlan plan, ClientKind client, ShellKind shell, IReadOnlyList<Variable> variables) => client switch
    {
        ClientKind.OpenCode => [Snippets.OpenCode(plan.Server)],
        ClientKind.Aider => Snippets.Aider(plan.Server, shell),
        ClientKind.Zed => [Snippets.Zed(plan.Server, plan.Server.Context!.Value, plan.Tools)],
        _ => ShellLines.Of(variables, shell),
    };

    private static IEnumerable<string> Hints(LaunchPlan plan, ClientKind client, ShellKind shell)
    {
        yield return client switch
        {
            ClientKind.OpenCode => "This goes into opencode.json of a project, or into ~/.config/opencode/opencode.json.",
            ClientKind.Aider => "This goes into the shell in which you start Aider.",
            ClientKind.Zed when plan.Server.IsOllama => "This goes into Zed's settings.json (command \"zed: open settings file\").",
            ClientKind.Zed => $"This goes into Zed's settings.json (command \"zed: open settings file\"). Zed takes the key from its own key store (Agent settings, LLM providers), or from the environment: export {Snippets.ZedKey}={ShellLines.Quoted(plan.Server.Sent, shell)}",
            _ when shell == ShellKind.Fish => "This goes into the shell in which you start claude: local-mcp env claude --shell fish | source",
            _ => "This goes into the shell in which you start claude: eval \"$(local-mcp env claude)\"",
        };
        if (plan.Server.Key.Length > 0 && client != ClientKind.Zed)
            yield return "It holds a key: keep it out of repositories.";
        if (plan.Server.Name == Backends.Engine.EngineModels.BackendName)
            yield return "The engine is found there until `local-mcp stop`, by all programs that have the key.";
    }
}
