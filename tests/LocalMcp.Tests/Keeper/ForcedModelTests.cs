using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>A model that the user insists on, from the file of the active model to the plan of the engine.</summary>
public sealed class ForcedModelTests
{
    private static readonly EngineAbilities Engine = new("/bin/llama-server", "0.7.0 (build 11669, commit Debian)", EngineAbilities.FlagsOf("-c, --ctx-size N  x\n"), false);

    private static readonly WantedModel Coder = new("coder", "/m/coder.gguf", 0) { SizeBytes = 9 * Shapes.Gigabyte, TrainedContext = 32_768, Shape = Shapes.Coder };

    private static readonly MachineProfile Small = Shapes.Pc with { AvailableMemory = 5 * Shapes.Gigabyte };

    [Fact]
    public void The_plan_refuses_what_does_not_fit_and_takes_it_with_the_whole_context_when_it_is_forced()
    {
        Assert.Contains("coder is too big", Assert.Throws<BackendException>(() => EnginePlan.Of(Engine, Coder, new EngineSettings(), 16_384, Small)).Message, StringComparison.Ordinal);
        Assert.Equal((16_384, 1), EnginePlan.Of(Engine, Coder with { Forced = true }, new EngineSettings(), 16_384, Small) is var plan ? (plan.Context, plan.Slots) : default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_keeper_hears_of_it(bool forced)
    {
        var heard = Assert.IsType<Wish.Run>(KeeperWire.Wish(System.Text.Encoding.UTF8.GetString(KeeperWire.Line(new Wish.Run(Coder with { Forced = forced })))));
        Assert.Equal(forced, heard.Model.Forced);
    }

    [Theory]
    [InlineData("engine/coder\nforced", "engine/coder", true)]
    [InlineData("engine/coder\r\nforced\r\n", "engine/coder", true)]
    [InlineData("engine/coder", "engine/coder", false)]
    [InlineData("engine/forced", "engine/forced", false)]
    [InlineData("engine/coder\nforced", "engine/other", false)]
    public void The_second_line_of_the_active_model_says_so_of_that_model_alone(string content, string id, bool forced)
    {
        using var home = new TemporaryHome().WithActive(content);
        var active = new ActiveModel(home.Environment());
        Assert.Equal(content.Split('\r', '\n')[0], active.Read());
        Assert.Equal(forced, active.IsForced(id));
    }

    [Fact]
    public void Without_a_choice_nothing_is_forced()
    {
        using var home = new TemporaryHome();
        Assert.False(new ActiveModel(home.Environment()).IsForced("engine/coder"));
    }

    [Fact]
    public void A_file_of_the_active_model_that_makes_no_sense_forces_nothing_and_stops_no_call_that_names_its_model()
    {
        using var home = new TemporaryHome().WithActive("one\ttwo");
        Assert.False(new ActiveModel(home.Environment()).IsForced("engine/coder"));
    }
}
