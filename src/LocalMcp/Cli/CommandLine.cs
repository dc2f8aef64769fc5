using System.CommandLine;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary>The verbs. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments, UserEnvironment environment)
    {
        var root = Root(environment);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors.Count > 1 ? parsed.Errors.Where(e => !e.Message.StartsWith("Required command", StringComparison.Ordinal)) : parsed.Errors)
                Terminal.Complain(error.Message);
            Terminal.Complain("`local-mcp --help` shows the verbs, `local-mcp <verb> --help` what each takes.");
            return Usage;
        }
        // The server's host handles signals itself; for the other verbs Ctrl-C cancels the token.
        var serves = parsed.CommandResult.Command.Name is "serve";
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = serves ? null : TimeSpan.FromSeconds(2) });
    }

    private static RootCommand Root(UserEnvironment environment)
    {
        var serve = new Command("serve", "Speak MCP over standard input and output. Claude Code starts this.");
        serve.SetAction((_, _) => ServeVerb.RunAsync(environment));

        var prompt = new Argument<string>("prompt") { Description = "What to ask; - reads it from standard input." };
        var model = new Option<string>("--model", "-m") { Description = "Exact name, number of the list, or a unique part of a name. Default: the active model.", DefaultValueFactory = _ => "" };
        var system = new Option<string>("--system", "-s") { Description = "System prompt.", DefaultValueFactory = _ => "" };
        var maxTokens = new Option<int>("--max-tokens") { Description = "Most tokens to generate; 0 leaves it to the backend." };
        maxTokens.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value is < 0 or > 1_000_000))
                result.AddError($"--max-tokens is {token.Value}; it expects 0 to 1,000,000.");
        });
        var think = new Option<bool>("--think") { Description = "Let the model reason before it answers." };
        var chat = new Command("chat", "Ask a local model; the answer streams to standard output, the rest goes to standard error.") { prompt, model, system, maxTokens, think };
        chat.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => ChatVerb.RunAsync(services, terminal, parsed.GetValue(prompt)!,
            text => new Chat.ChatRequest(text, parsed.GetValue(system)!, parsed.GetValue(model)!, parsed.GetValue(maxTokens), parsed.GetValue(think)), cancellationToken)));

        var testPrompt = new Argument<string>("prompt") { Description = "What to ask. Default: hello.", DefaultValueFactory = _ => "hello" };
        var test = new Command("test", "Check at once whether the set-up works.") { testPrompt };
        test.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => TestVerb.RunAsync(services, terminal, parsed.GetValue(testPrompt)!, cancellationToken)));

        var models = new Command("models", "List the models that are there.");
        models.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => ModelsVerb.RunAsync(services, terminal, cancellationToken)));

        var name = new Argument<string>("name") { Description = "Exact name, number of the list, or a unique part of a name." };
        var force = new Option<bool>("--force") { Description = "Also one that is too big for the memory by our estimate." };
        var use = new Command("use", "Make a model the active one, for every session, and try it.") { name, force };
        use.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => UseVerb.RunAsync(services, terminal, parsed.GetValue(name)!, parsed.GetValue(force), cancellationToken)));

        var json = new Option<bool>("--json") { Description = "Print one JSON object, for programs." };
        var doctor = new Command("doctor", "Check everything, and say what to do about what is wrong.") { json };
        doctor.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => DoctorVerb.RunAsync(services, terminal, parsed.GetValue(json), cancellationToken)));

        var wanted = new Argument<string>("name") { Description = "hf:owner/repo, hf:owner/repo:Q4_K_M, hf:owner/repo:file.gguf, ollama:name, or a name of the catalog." };
        var insist = new Option<bool>("--force") { Description = "Download it even if it would not run on this machine." };
        var pull = new Command("pull", "Download a model. An interrupted download goes on from where it was.") { wanted, insist };
        pull.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => PullVerb.RunAsync(services, terminal, parsed.GetValue(wanted)!, parsed.GetValue(insist), cancellationToken)));

        var goal = new Option<Models.Catalog.Goal?>("--for") { Description = "What matters most: speed, balanced or quality. Default: one model for each." };
        var recommend = new Command("recommend", "Say which model this machine should run, why, and how to get it.") { goal };
        recommend.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => RecommendVerb.RunAsync(services, terminal, parsed.GetValue(goal), cancellationToken)));

        var ps = new Command("ps", "Show which models the engine has in memory, for whom, and for how long.");
        ps.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => PsVerb.RunAsync(services, terminal, cancellationToken)));

        var stop = new Command("stop", "End the engine now, and free its memory.");
        stop.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => StopVerb.RunAsync(services, terminal, cancellationToken)));

        var engine = new Command("engine", "Keep the engine for all sessions. Sessions start this themselves.") { Hidden = true };
        engine.SetAction((_, cancellationToken) => EngineVerb.RunAsync(environment, cancellationToken));

        return new RootCommand("Local models for Claude Code: an MCP server and its command line.") { serve, chat, test, models, use, recommend, pull, ps, stop, doctor, engine };
    }

    /// <summary>Errors speak of the tools, which a model calls. On the terminal the verbs do the same.</summary>
    public static string InVerbs(string message) => message
        .Replace("give it force", "give it --force", StringComparison.Ordinal)
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
