using LocalMcp.Launch;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp claude</c>: Claude Code on a local model, with its own arguments. Standard output is the client's alone.</summary>
internal static class ClaudeVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, string model, bool anyway, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var environment = services.GetRequiredService<UserEnvironment>();
        var program = Programs.Claude(environment) ?? throw new LocalMcpException($"Claude Code cannot be started: {Programs.Missing}.");
        await using var plan = await services.GetRequiredService<Launcher>().PrepareAsync(model, new LaunchWish(ClaudeContext.Least, Messages: true, Stays: false, anyway), new Told(), cancellationToken);
        IReadOnlyList<Variable> variables = plan.IsServed ? ClaudeEnvironment.Of(plan.Server, environment.NoProxy) : [];
        Terminal.Complain($"Claude Code on {plan.Server.Model} ({plan.Server.Name})");
        if (!IsReady([new(Readiness.Ready, "client", program), .. plan.Findings], variables, environment) && !anyway)
        {
            Terminal.Complain("Claude Code was not started. `local-mcp claude --anyway` starts it all the same.");
            return 1;
        }
        return await ClientProcess.RunAsync(program, arguments, variables);
    }

    /// <summary>Shows what was found out, with what Claude Code's own files say against it, and returns whether nothing is lacking.</summary>
    public static bool IsReady(IReadOnlyList<Finding> findings, IReadOnlyList<Variable> variables, UserEnvironment environment)
    {
        IReadOnlyList<Finding> all = [.. findings, .. ClaudeFiles.Against(variables, environment, CurrentFolder())];
        foreach (var finding in all)
            Terminal.Complain(CommandLine.InVerbs(finding.Line));
        return all.All(finding => finding.Readiness != Readiness.Lacking);
    }

    // It may have been removed: then there is no project.
    private static string CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return "/";
        }
    }

    /// <summary>Splits what was typed after the verb: our own options come first, and the first word that is none of them begins the client's.</summary>
    /// <returns>The same words, with <c>--</c> between the two.</returns>
    public static string[] Divided(string[] words)
    {
        var at = 1;
        while (at < words.Length && words[at] is "--anyway" or "--model" || at < words.Length && words[at].StartsWith("--model=", StringComparison.Ordinal))
            at += words[at] is "--model" ? 2 : 1;
        if (at >= words.Length || (at == 1 && words.Length == 2 && words[1] is "--help" or "-h" or "-?"))
            return words;
        return [.. words[..at], "--", .. words[at] == "--" ? words[(at + 1)..] : words[at..]];
    }

    /// <summary>What loads, as lines on standard error, each once.</summary>
    internal sealed class Told : IProgress<string>
    {
        private readonly Lock guarding = new();
        private string last = "";

        public void Report(string value)
        {
            lock (guarding)
            {
                if (value != last)
                    Terminal.Complain($"  …     {value}");
                last = value;
            }
        }
    }
}
