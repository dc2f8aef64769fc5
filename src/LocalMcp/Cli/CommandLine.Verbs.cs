using System.CommandLine;
using System.CommandLine.Parsing;
using LocalMcp.Launch;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Cli;

// What each verb takes.
internal static partial class CommandLine
{
    private static Command Serve(UserEnvironment environment)
    {
        var serve = new Command("serve", "Speak MCP over standard input and output. Claude Code starts this.");
        serve.SetAction((_, _) => ServeVerb.RunAsync(environment));
        return serve;
    }

    private static Command Chat(UserEnvironment environment)
    {
        var prompt = new Argument<string>("prompt") { Description = "What to ask; - reads it from standard input." };
        var model = new Option<string>("--model", "-m") { Description = "Exact name, number of the list, or a unique part of a name. Default: the active model.", DefaultValueFactory = _ => "" };
        var system = new Option<string>("--system", "-s") { Description = "System prompt.", DefaultValueFactory = _ => "" };
        var maxTokens = MaxTokens();
        var think = new Option<bool>("--think") { Description = "Let the model reason before it answers." };
        var files = new Option<string[]>("--file", "-f") { Description = "A file that the prompt is about, below the working folder: path, path:10-80 or glob. Can be given several times.", DefaultValueFactory = _ => [] };
        var schema = new Option<FileInfo?>("--schema") { Description = "A file with the JSON Schema of the answer." };
        var output = new Option<string?>("--out", "-o") { Description = "Write the answer to this file below the working folder, and print a receipt." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace that file if it exists." };
        var chat = new Command("chat", "Ask a local model; the answer streams to standard output, the rest goes to standard error.") { prompt, files, model, system, maxTokens, think, schema, output, overwrite };
        chat.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => ChatVerb.RunAsync(services, terminal, parsed.GetValue(prompt)!,
            text => new Chat.ChatRequest(text, parsed.GetValue(system)!, parsed.GetValue(model)!, parsed.GetValue(maxTokens), parsed.GetValue(think))
            {
                FileNames = parsed.GetValue(files)!,
                OutputPath = parsed.GetValue(output),
                Overwrite = parsed.GetValue(overwrite),
            },
            parsed.GetValue(schema), cancellationToken)));
        return chat;
    }

    private static Command Stats(UserEnvironment environment)
    {
        var days = new Option<int>("--days") { Description = "How many days back.", DefaultValueFactory = _ => 30 };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value is < 1 or > 400))
                result.AddError($"--days is {token.Value}; it expects 1 to 400.");
        });
        var stats = new Command("stats", "Show what was done locally, how fast, and what it spared the client's context, by day and model.") { days };
        stats.SetAction((parsed, _) => WithServices(environment, (services, terminal) => StatsVerb.RunAsync(services, terminal, parsed.GetValue(days))));
        return stats;
    }

    private static Option<int> MaxTokens()
    {
        var maxTokens = new Option<int>("--max-tokens") { Description = "Most tokens to generate; 0 leaves it to the backend." };
        maxTokens.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value is < 0 or > 1_000_000))
                result.AddError($"--max-tokens is {token.Value}; it expects 0 to 1,000,000.");
        });
        return maxTokens;
    }

    private static Command Test(UserEnvironment environment)
    {
        var prompt = new Argument<string>("prompt") { Description = "What to ask. Default: hello.", DefaultValueFactory = _ => "hello" };
        var test = new Command("test", "Check at once whether the set-up works.") { prompt };
        test.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => TestVerb.RunAsync(services, terminal, parsed.GetValue(prompt)!, cancellationToken)));
        return test;
    }

    private static Command Models(UserEnvironment environment)
    {
        var models = new Command("models", "List the models that are there: what fits this machine, and how fast each is.");
        models.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => ModelsVerb.RunAsync(services, terminal, cancellationToken)));
        return models;
    }

    private static Command Use(UserEnvironment environment)
    {
        var name = new Argument<string>("name") { Description = "Exact name, number of the list, or a unique part of a name." };
        var force = new Option<bool>("--force") { Description = "Also one that is too big for the memory by our estimate." };
        var use = new Command("use", "Make a model the active one, for every session, and try it.") { name, force };
        use.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => UseVerb.RunAsync(services, terminal, parsed.GetValue(name)!, parsed.GetValue(force), cancellationToken)));
        return use;
    }

    private static Command Recommend(UserEnvironment environment)
    {
        var goal = new Option<Goal?>("--for") { Description = "What matters most: speed, balanced or quality. Default: one model for each.", CustomParser = GoalOf };
        var recommend = new Command("recommend", "Say which model this machine should run, why, and how to get it.") { goal };
        recommend.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => RecommendVerb.RunAsync(services, terminal, parsed.GetValue(goal), cancellationToken)));
        return recommend;
    }

    // An enum's own parser takes numbers, too.
    private static Goal? GoalOf(ArgumentResult result)
    {
        var word = result.Tokens[0].Value;
        Goal? goal = word.ToLowerInvariant() switch
        {
            "speed" => Goal.Speed,
            "balanced" => Goal.Balanced,
            "quality" => Goal.Quality,
            _ => null,
        };
        if (goal is null)
            result.AddError($"--for is {word}; it expects speed, balanced or quality.");
        return goal;
    }

    private static Command Pull(UserEnvironment environment)
    {
        var name = new Argument<string>("name") { Description = "hf:owner/repo, hf:owner/repo:Q4_K_M, hf:owner/repo:file.gguf, ollama:name, or a name of the catalog." };
        var force = new Option<bool>("--force") { Description = "Download it even if it would not run on this machine." };
        var pull = new Command("pull", "Download a model. An interrupted download goes on from where it was.") { name, force };
        pull.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => PullVerb.RunAsync(services, terminal, parsed.GetValue(name)!, parsed.GetValue(force), cancellationToken)));
        return pull;
    }

    private static Command Ps(UserEnvironment environment)
    {
        var ps = new Command("ps", "Show which models the engine has in memory, for whom, and for how long.");
        ps.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => PsVerb.RunAsync(services, terminal, cancellationToken)));
        return ps;
    }

    private static Command Stop(UserEnvironment environment)
    {
        var stop = new Command("stop", "End the engine now, and free its memory.");
        stop.SetAction((_, cancellationToken) => WithServices(environment, (services, terminal) => StopVerb.RunAsync(services, terminal, cancellationToken)));
        return stop;
    }

    private static Command Doctor(UserEnvironment environment)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object, for programs." };
        var doctor = new Command("doctor", "Check everything, and say what to do about what is wrong.") { json };
        doctor.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => DoctorVerb.RunAsync(services, terminal, parsed.GetValue(json), cancellationToken)));
        return doctor;
    }

    private static Command Claude(UserEnvironment environment)
    {
        var model = new Option<string>("--model") { Description = "Exact name, number of the list, or a unique part of a name. Default: the active model.", DefaultValueFactory = _ => "" };
        var anyway = new Option<bool>("--anyway") { Description = "Start it although something is lacking." };
        var arguments = new Argument<string[]>("arguments") { Description = "Claude Code's own arguments, as they are; behind -- also those that are ours otherwise.", DefaultValueFactory = _ => [] };
        var claude = new Command("claude", "Start Claude Code itself on a local model. Nothing on disk is changed.") { model, anyway, arguments };
        claude.SetAction((parsed, cancellationToken) => WithServices(environment, (services, _) => ClaudeVerb.RunAsync(services, parsed.GetValue(model)!, parsed.GetValue(anyway), parsed.GetValue(arguments)!, cancellationToken)));
        return claude;
    }

    private static Command Env(UserEnvironment environment)
    {
        var client = new Argument<ClientKind>("client") { Description = "claude, opencode, aider or zed. Default: claude.", DefaultValueFactory = _ => ClientKind.Claude, CustomParser = ClientOf };
        var model = new Option<string>("--model") { Description = "Exact name, number of the list, or a unique part of a name. Default: the active model.", DefaultValueFactory = _ => "" };
        var shell = new Option<ShellKind>("--shell") { Description = "sh (bash, zsh …) or fish. Default: sh.", DefaultValueFactory = _ => ShellKind.Posix, CustomParser = ShellOf };
        var anyway = new Option<bool>("--anyway") { Description = "Print it although something is lacking." };
        var env = new Command("env", "Print what a client has to be given to work on a local model, to be pasted.") { client, model, shell, anyway };
        env.SetAction((parsed, cancellationToken) => WithServices(environment, (services, terminal) => EnvVerb.RunAsync(services, terminal, parsed.GetValue(client), parsed.GetValue(model)!, parsed.GetValue(shell), parsed.GetValue(anyway), cancellationToken)));
        return env;
    }

    private static ClientKind ClientOf(ArgumentResult result) => One(result, "The client", "claude, opencode, aider or zed", ("claude", ClientKind.Claude), ("opencode", ClientKind.OpenCode), ("aider", ClientKind.Aider), ("zed", ClientKind.Zed));

    private static ShellKind ShellOf(ArgumentResult result) => One(result, "--shell", "sh or fish", ("sh", ShellKind.Posix), ("bash", ShellKind.Posix), ("zsh", ShellKind.Posix), ("fish", ShellKind.Fish));

    private static T One<T>(ArgumentResult result, string what, string expected, params ReadOnlySpan<(string Word, T Value)> words)
    {
        foreach (var (word, value) in words)
        {
            if (word.Equals(result.Tokens[0].Value, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        result.AddError($"{what} is {result.Tokens[0].Value}; it expects {expected}.");
        return default!;
    }

    private static Command Engine(UserEnvironment environment)
    {
        var engine = new Command("engine", "Keep the engine for all sessions. Sessions start this themselves.") { Hidden = true };
        engine.SetAction((_, cancellationToken) => EngineVerb.RunAsync(environment, cancellationToken));
        return engine;
    }
}
