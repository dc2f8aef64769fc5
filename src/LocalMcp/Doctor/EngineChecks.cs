using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>The engine: its program, and what it has in memory.</summary>
internal sealed class EngineChecks(UserEnvironment environment, Survey survey, KeeperLink keeper, TimeProvider clock)
{
    /// <summary>Starts the program for its version and its devices; loads nothing.</summary>
    public async Task<Check> ProgramAsync(string title, CancellationToken cancellationToken)
    {
        var program = EngineProgram.Find(environment, survey.Settings());
        if (program is null)
            return Check.Of(title, Verdict.Note, EngineProgram.Missing(environment)["engine: ".Length..]);
        var engine = await EngineAbilities.AskAsync(program, clock, cancellationToken);
        return Check.Good(title, $"{program}, {engine.Title}, {engine.HasGpu switch { true => "with a GPU", false => "without a GPU", null => "which does not list its devices" }}");
    }

    public async Task<Check> ResidentsAsync(string title, CancellationToken cancellationToken)
    {
        var status = await keeper.StatusAsync(cancellationToken);
        var models = status is null ? "none, the engine does not run; a question to one of its models starts it" : status.Residents.Count == 0 ? "none" : string.Join(", ", status.Residents.Select(r => r.Model));
        return Check.Good(title, status is null ? models : $"{models}; `local-mcp ps` shows more");
    }
}
