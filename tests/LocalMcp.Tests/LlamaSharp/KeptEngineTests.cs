using LocalMcp.Chat;
using LocalMcp.TestModels;
using LocalMcp.Tests.Keeper;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>The second engine in the hands of the keeper.</summary>
public sealed class KeptEngineTests : IDisposable
{
    private readonly EngineHome home = new EngineHome().WithSettings($$"""{ "engine_program": "{{LlamaSharpEngine.Program}}", "engine": { "parallel": 3 } }""");

    [Fact]
    public async Task The_keeper_runs_it_with_the_flags_that_it_knows_and_ps_names_it()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        var resident = Assert.Single((await home.StatusAsync()).Residents);
        Assert.StartsWith("LLamaSharp 0.", resident.Engine, StringComparison.Ordinal);
        Assert.Equal((3, 4096), (resident.Slots, resident.Context));
        Assert.Contains(" --flash-attn on --cache-type-k q8_0 --cache-type-v q8_0", resident.CommandLine, StringComparison.Ordinal);
        Assert.DoesNotContain("--jinja", resident.CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_it_does_not_know_is_told_in_the_state_and_in_ps()
    {
        ScriptedModel.Write(home.Model("odd"), new Script("I am odd.") { ChatTemplate = "{{ 'an ' }}{{ 'odd template' }}" });
        await using var house = home.House();
        var told = new List<string>();
        await house.AskAsync("hi", "odd", watch: delta => told.Add((delta as ChatDelta.Progress)?.Message ?? ""));
        Assert.Contains(told, words => words.Contains("ChatML", StringComparison.Ordinal));
        Assert.Contains("ChatML", Assert.Single((await home.StatusAsync()).Residents[0].Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_is_killed_the_user_reads_so_and_the_next_call_finds_a_fresh_one()
    {
        home.NeverEnds("endless");
        await using var house = home.House();
        using var answer = new LongAnswer(house, "endless");
        await answer.HasBegunAsync();
        await home.KillEngineAsync();
        Assert.Contains("The engine (LLamaSharp) ended in the middle of the call: exit code 137", (await answer.Reply).Trouble, StringComparison.Ordinal);
        Assert.Equal(5, (await house.AskAsync("hi", "endless", maxTokens: 5)).Usage.AnswerTokens);
    }

    public void Dispose() => home.Dispose();
}
