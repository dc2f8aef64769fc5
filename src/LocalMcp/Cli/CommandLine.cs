using System.CommandLine;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary>The verbs. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.</summary>
internal static partial class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments, UserEnvironment environment)
    {
        // What every session of a client starts does not wait for the verbs to be made.
        if (arguments is ["serve"])
            return await ServeVerb.RunAsync(environment);
        var root = Root(environment);
        // What comes after `claude` is the client's: no word of it is read as ours, or as the name of a file with arguments.
        var parsed = arguments is ["claude", ..] ? root.Parse(ClaudeVerb.Divided(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null }) : root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors.Count > 1 ? parsed.Errors.Where(e => !e.Message.StartsWith("Required command", StringComparison.Ordinal)) : parsed.Errors)
                Terminal.Complain(error.Message);
            Terminal.Complain("`local-mcp --help` shows the verbs, `local-mcp <verb> --help` what each takes.");
            return Usage;
        }
        // The server's host handles signals itself, and a client that was started answers them; for the other verbs Ctrl-C cancels the token.
        var serves = parsed.CommandResult.Command.Name is "serve" or "claude";
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = serves ? null : TimeSpan.FromSeconds(2) });
    }

    private static RootCommand Root(UserEnvironment environment) =>
        new("Local models for Claude Code: an MCP server and its command line.") { Serve(environment), Chat(environment), Test(environment), Models(environment), Use(environment), Recommend(environment), Pull(environment), Ps(environment), Stop(environment), Stats(environment), Doctor(environment), Claude(environment), Env(environment), Engine(environment) };

    /// <summary>Errors speak of the tools, which a model calls. On the terminal the verbs do the same.</summary>
    public static string InVerbs(string message) => message
        .Replace("give it force", "give it --force", StringComparison.Ordinal)
        .Replace("give overwrite", "give --overwrite", StringComparison.Ordinal)
        .Replace("set_model", "`local-mcp use`", StringComparison.Ordinal)
        .Replace("list_models", "`local-mcp models`", StringComparison.Ordinal)
        .Replace("`quick_test`", "`local-mcp test`", StringComparison.Ordinal);

    private static async Task<int> WithServices(UserEnvironment environment, Func<IServiceProvider, Terminal, Task<int>> run)
    {
        var terminal = new Terminal();
        await using var services = new ServiceCollection().AddLocalMcp(environment).BuildServiceProvider();
        try
        {
            return await run(services, terminal);
        }
        catch (LocalMcpException known)
        {
            Terminal.Complain(InVerbs(known.Message));
            return Failed;
        }
        catch (IOException closed)
        {
            Terminal.Complain($"Standard output cannot be written to any more: {closed.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
