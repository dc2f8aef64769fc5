using LocalMcp.Keeper.Door;

namespace LocalMcp.Launch;

/// <summary>A model that is served, with what was found out of it; where the engine serves it, with the door to it.</summary>
internal sealed class LaunchPlan(LocalServer server, IReadOnlyList<Finding> findings, bool? tools, OpenDoor? door) : IAsyncDisposable
{
    public LocalServer Server => server;

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Whether the model can call tools; null where nobody says.</summary>
    public bool? Tools => tools;

    /// <summary>Whether it is really served; else what was found out speaks against it, and <see cref="Server"/> holds nothing but names.</summary>
    public bool IsServed { get; private init; } = true;

    /// <summary>One that was not even loaded.</summary>
    public static LaunchPlan Refused(string backend, string model, IReadOnlyList<Finding> findings) =>
        new(new LocalServer(backend, new Uri("http://127.0.0.1/"), "", model, Context: null, IsOllama: false), findings, tools: null, door: null) { IsServed = false };

    /// <summary>Closes the door, unless it stays.</summary>
    public ValueTask DisposeAsync() => door?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>What a client needs of a model and its server.</summary>
/// <param name="LeastContext">Tokens; 0 where any will do.</param>
/// <param name="Messages">Whether it speaks Claude's Messages API, and no other.</param>
/// <param name="Stays">Whether it is to find the engine after this command, too.</param>
/// <param name="Anyway">Whether the user wants it whatever is lacking.</param>
internal sealed record LaunchWish(int LeastContext, bool Messages, bool Stays, bool Anyway);
