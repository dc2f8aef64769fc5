using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>An engine that never gets ready, and a clock of the test's.</summary>
public sealed class EngineLoadLimitTests : IDisposable
{
    private readonly EngineHome home = new EngineHome().Says("one", "I am one.");
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_load_that_is_not_over_after_ten_minutes_is_given_up_and_the_limit_is_named()
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        KeeperFaultTests.WriteProgram(program, """
            case $1 in
              --help) echo "--model FNAME  the model" ;;
              --version) echo "version: 1 (of its own kind)" ;;
              --list-devices) exit 1 ;;
              *) exec sleep 1000 ;;
            esac
            """);
        using var loader = new EngineLoader(home.Home.Environment(home.Variables), home.Place, MachineProfile.Read, clock);
        var model = new WantedModel("one", home.Model("one"), 0);
        using var resident = new Resident(model, "");
        var loading = loader.LoadAsync(resident, new Settings { EngineProgram = program }, 0, TestContext.Current.CancellationToken);
        while (await Task.WhenAny(loading, clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(100))) != loading)
            clock.Advance(resident.Process is null ? TimeSpan.Zero : TimeSpan.FromSeconds(20));
        var failed = await Assert.ThrowsAsync<BackendException>(() => loading);
        Assert.Equal((BackendFailure.Loading, "The engine had not loaded one after 10 min. Choose a smaller model with set_model, or raise limits.load_minutes in settings.json."), (failed.Failure, failed.Message));
        await home.EnginesAreGoneAsync();
    }

    public void Dispose() => home.Dispose();
}
