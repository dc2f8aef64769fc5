using LocalMcp.Tests.Keeper;

namespace LocalMcp.Tests.Contract;

/// <summary>The contract through a real llama-server with scripted models.</summary>
public class EngineKeepsTheContract : BackendContract
{
    private protected override Task<Stage> SetUpAsync()
    {
        var home = Home().Says("plain", Text).Says("thinker", $"<think>{Thoughts}</think>\n\n{Text}").NeverEnds("endless");
        var house = home.House();
        return Task.FromResult(new Stage(house, "engine", "plain", "endless", "thinker", UpstreamHasStoppedAsync, () => house.FailureAsync(new string('x', 50_000), "plain"), TearDown));

        async Task UpstreamHasStoppedAsync() => await home.StatusWhenAsync(status => status.Residents.All(r => r.Running == 0));

        ValueTask TearDown()
        {
            home.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A home with an engine.</summary>
    private protected virtual EngineHome Home() => new();
}
