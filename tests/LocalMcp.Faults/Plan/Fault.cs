using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>A fault as it was drawn.</summary>
/// <param name="Kind">What it is counted as.</param>
/// <param name="Words">What exactly it does.</param>
/// <param name="Strike">Does it, and sees to its end.</param>
internal sealed record Fault(string Kind, string Words, Func<Scene, Task> Strike)
{
    /// <summary>One that is done at once.</summary>
    public static Fault Of(string kind, string words, Action<Scene> strike) => new(kind, words, scene =>
    {
        strike(scene);
        return Task.CompletedTask;
    });
}
