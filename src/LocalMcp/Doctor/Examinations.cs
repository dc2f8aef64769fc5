using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Doctor;

/// <summary>Everything that the doctor looks at, in the order in which it is told.</summary>
internal static class Examinations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="fit">Whether a model is more than this machine can hold: a sentence when it is, else null. Null asks the menu.</param>
    /// <param name="project">The folder that counts as the project; null means that of the session that this process belongs to, else the current one.</param>
    public static CheckUp All(IServiceProvider services, Func<ModelFacts, CancellationToken, Task<string?>>? fit = null, string? project = null)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var environment = services.GetRequiredService<UserEnvironment>();
        var settings = services.GetRequiredService<SettingsFile>();
        var survey = new Survey(settings, services.GetRequiredService<ModelDirectory>());
        return new CheckUp([.. Machine(services, survey), .. Models(services, survey, fit), .. Claude(environment, project)], Longest(settings), clock);
    }

    private static IEnumerable<Examination> Machine(IServiceProvider services, Survey survey)
    {
        var environment = services.GetRequiredService<UserEnvironment>();
        var home = new HomeChecks(environment, services.GetRequiredService<SettingsFile>());
        var engine = new EngineChecks(environment, survey, services.GetRequiredService<KeeperLink>(), services.GetRequiredService<TimeProvider>());
        yield return Examination.Of("version", () => ProgramCheck.Of("version", ProgramVersion.Text, RunningProgram.Current));
        yield return Examination.Of("config folder", () => home.ConfigFolder("config folder"));
        yield return Examination.Of("settings", () => home.Settings("settings"));
        yield return Examination.Of("machine", () => MachineCheck.Of("machine", services.GetRequiredService<MachineReader>().Read()));
        yield return Examination.Of("memory pressure", () => MachineCheck.Pressure("memory pressure", services.GetRequiredService<MachineReader>().Read()));
        yield return Examination.Of("engine program", cancellationToken => engine.ProgramAsync("engine program", cancellationToken));
        yield return Examination.Of("resident models", cancellationToken => engine.ResidentsAsync("resident models", cancellationToken));
    }

    private static IEnumerable<Examination> Models(IServiceProvider services, Survey survey, Func<ModelFacts, CancellationToken, Task<string?>>? fit)
    {
        var environment = services.GetRequiredService<UserEnvironment>();
        var folders = new ModelFoldersCheck(services.GetRequiredService<EngineModels>(), survey);
        var servers = new ServerChecks(survey, new ServerVersions(environment, services.GetRequiredService<ServerProbe>(), services.GetRequiredService<TimeProvider>()));
        var ollama = new OllamaChecks(environment, survey);
        var active = new ActiveModelCheck(environment, services.GetRequiredService<ActiveModel>(), survey, fit ?? new FitCheck(services.GetRequiredService<MenuMaker>()).LookAsync);
        yield return Examination.Of("model folders", () => folders.Look("model folders"));
        yield return new Examination("servers", servers.LookAsync);
        yield return new Examination("Ollama's context", cancellationToken => ollama.ContextAsync("Ollama's context", cancellationToken));
        yield return new Examination("cloud models", cancellationToken => ollama.CloudAsync("cloud models", cancellationToken));
        yield return Examination.Of("active model", cancellationToken => active.LookAsync("active model", cancellationToken));
    }

    private static IEnumerable<Examination> Claude(UserEnvironment environment, string? project)
    {
        var claude = new ClaudeCode(environment, project ?? environment.ClaudeProject ?? CurrentFolder());
        var ours = Path.Combine(AppContext.BaseDirectory, "switch-model.md");
        yield return Examination.Of("Claude Code", () => new RegistrationCheck(claude, RunningProgram.Current).Look("Claude Code"));
        yield return Examination.Of("slash command", () => new SlashCommandCheck(claude, ours).Look("slash command"));
        yield return Examination.Of("project file", () => new ProjectFileCheck(claude, RunningProgram.Current).Look("project file"));
        yield return Examination.Of("Claude Code's own model", () => new LocalClaudeCheck(claude).Look("Claude Code's own model"));
    }

    // It may have been removed: then there is no project to look at.
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

    // A server may take the time to connect that the settings allow, three times: to say what it is, what it has, and its version.
    private static TimeSpan Longest(SettingsFile settings)
    {
        try
        {
            return Patience + (3 * settings.Read().Limits.Connect);
        }
        catch (LocalMcpException)
        {
            return Patience;
        }
    }
}
