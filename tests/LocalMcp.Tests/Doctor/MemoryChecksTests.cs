using LocalMcp.Doctor;
using LocalMcp.FakeServer;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Tests.Models;
using LocalMcp.Tests.Models.Fit;

namespace LocalMcp.Tests.Doctor;

/// <summary>Whether memory is short, and whether the active model fits into it.</summary>
public sealed class MemoryChecksTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    [Theory]
    [InlineData(nameof(PressureLevel.Normal), false, "the system calls it normal")]
    [InlineData(nameof(PressureLevel.Warning), true, "the system calls it warning")]
    [InlineData(nameof(PressureLevel.Critical), true, "the system calls it critical")]
    public void On_a_Mac_the_system_says_how_short_it_is(string level, bool isShort, string finding) =>
        AssertPressure(Shapes.Mac with { Pressure = new MemoryPressure(Enum.Parse<PressureLevel>(level), null), SwapTotal = 0, SwapUsed = 0 }, isShort, finding + "; no swap");

    [Theory]
    [InlineData(0, false, "in 0 % of the last 10 s something waited for memory")]
    [InlineData(9.94, false, "in 9.9 % of the last 10 s something waited for memory")]
    [InlineData(10, true, "in 10 % of the last 10 s something waited for memory")]
    public void On_Linux_it_is_short_when_much_waits_for_it(double percent, bool isShort, string finding) =>
        AssertPressure(Shapes.Pc with { Pressure = new MemoryPressure(null, percent), SwapTotal = 8 * Gigabyte, SwapUsed = 0 }, isShort, finding + "; 0 KB of 8.0 GB of swap in use");

    [Fact]
    public void More_than_a_tenth_of_the_memory_in_swap_is_short_whatever_the_system_calls_it()
    {
        var machine = Shapes.Pc with { SwapTotal = 8 * Gigabyte, SwapUsed = 3_200_000_000 };
        AssertPressure(machine, false, "the system does not say how short it is; 3.2 GB of 8.0 GB of swap in use");
        AssertPressure(machine with { SwapUsed = 3_200_000_001 }, true, "the system does not say how short it is; 3.2 GB of 8.0 GB of swap in use");
    }

    [Fact]
    public void What_is_not_known_is_no_alarm() => AssertPressure(new MachineProfile(null, null, null) { SwapUsed = Gigabyte }, false, "the system does not say how short it is; swap not known");

    [Theory]
    [InlineData(24, "a", null)]
    [InlineData(24, "b", "b:latest is too big for this machine now, by our estimate: it needs ")]
    [InlineData(7, "a", "It is a tight fit by our estimate: it needs ")]
    public async Task The_active_model_is_judged_as_in_the_menu(int free, string name, string? sentence)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [new FakeModel("a", SizeBytes: 4 * Gigabyte), new FakeModel("b", SizeBytes: 40 * Gigabyte)] });
        await using var home = new SwitchHome(server.BaseUrl, Shapes.Pc with { AvailableMemory = free * Gigabyte });
        var said = await new FitCheck(home.Menus).LookAsync(Named(name), TestContext.Current.CancellationToken);
        Assert.Equal(sentence is null, said is null);
        Assert.StartsWith(sentence ?? "", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_loaded_one_it_is_said_what_it_leaves()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [new FakeModel("a", SizeBytes: 4 * Gigabyte, Loaded: true)] });
        await using var home = new SwitchHome(server.BaseUrl, Shapes.Pc with { AvailableMemory = 2 * Gigabyte });
        Assert.Equal("It is loaded, and leaves 2.0 GB of memory free", await new FitCheck(home.Menus).LookAsync(Named("a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_model_that_is_not_listed_any_more_is_not_judged()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        await using var home = new SwitchHome(server.BaseUrl);
        Assert.Null(await new FitCheck(home.Menus).LookAsync(Named("gone"), TestContext.Current.CancellationToken));
    }

    private static void AssertPressure(MachineProfile machine, bool isShort, string finding)
    {
        var check = MachineCheck.Pressure("memory pressure", machine);
        Assert.Equal((isShort ? Verdict.Note : Verdict.Good, finding, isShort), (check.Verdict, check.Finding, check.NextStep is not null));
    }

    private static ModelFacts Named(string name) => new() { Name = name + ":latest", Backend = "ollama" };
}
