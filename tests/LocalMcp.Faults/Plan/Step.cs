using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>One thing that happens in an episode. All of it is drawn beforehand, so that a seed repeats it.</summary>
/// <param name="Pause">Milliseconds before it.</param>
/// <param name="Words">What it is, for reports.</param>
/// <param name="Act">Does it.</param>
internal sealed record Step(int Pause, string Words, Func<Scene, Task> Act);
