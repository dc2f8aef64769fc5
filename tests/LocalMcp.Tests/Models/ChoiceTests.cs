using LocalMcp.Backends;
using LocalMcp.Models;

namespace LocalMcp.Tests.Models;

public sealed class ChoiceTests
{
    private static readonly ModelFacts Small = new() { Name = "small", Backend = "ollama", OllamaNames = true, Loaded = false };
    private static readonly ModelFacts Large = new() { Name = "large", Backend = "lmstudio", Loaded = false };
    private static readonly ModelFacts Cloud = new() { Name = "innocent", Backend = "ollama", RemoteHost = "https://ollama.com:443" };
    private static readonly ModelFacts Smoke = new() { Name = "smoke-test", Backend = "engine", SmokeTest = true };
    private static readonly ModelFacts Half = new() { Name = "half", Backend = "engine", Broken = "holds 3.1 GB of 4.7 GB" };

    [Fact]
    public void Without_a_choice_the_one_loaded_model_answers() => Assert.Equal("large", Chosen(Small, Large with { Loaded = true }, Smoke));

    [Fact]
    public void Without_a_choice_the_only_model_answers() => Assert.Equal("small", Chosen(Small, Smoke, Cloud));

    [Fact]
    public void The_smoke_test_answers_only_where_there_is_nothing_else()
    {
        Assert.Equal("smoke-test", Chosen(Smoke));
        Assert.Equal("small", Chosen(Small, Smoke with { Loaded = true }));
        var nobody = new Endpoint(new Uri("http://127.0.0.1:1234/"), Named: false);
        Assert.Equal("smoke-test", Choice.Of("", null, Listing(Smoke) with { Unreachable = [new Place("LM Studio", null, [], "refused", "refused", BackendFailure.Unreachable, nobody)] }).Model?.Name);
    }

    [Theory]
    [InlineData(true, BackendFailure.Unreachable)]
    [InlineData(true, BackendFailure.Unauthorized)]
    [InlineData(false, BackendFailure.Unauthorized)]
    [InlineData(false, BackendFailure.Loading)]
    internal void The_smoke_test_does_not_stand_in_for_a_server_that_should_answer(bool named, BackendFailure failure)
    {
        var endpoint = new Endpoint(new Uri("http://127.0.0.1:1234/"), named);
        var choice = Choice.Of("", null, Listing(Smoke) with { Unreachable = [new Place(endpoint.Label, null, [], "LM Studio is cross", "LM Studio is cross", failure, endpoint)] });
        Assert.Null(choice.Model);
        Assert.Contains("LM Studio is cross", choice.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_models_and_no_choice_is_an_error_with_the_numbered_list()
    {
        var choice = Choice.Of("", null, Listing(Small, Large));
        Assert.Null(choice.Model);
        Assert.Contains("1 small (ollama), 2 large (lmstudio)", choice.Trouble, StringComparison.Ordinal);
        Assert.Contains("set_model", choice.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stored_choice_answers_whatever_is_loaded() =>
        Assert.Equal("small", Choice.Of("", "ollama/small", Listing(Small, Large with { Loaded = true })).Model?.Name);

    [Fact]
    public void A_stored_choice_that_has_gone_is_named_with_what_is_there()
    {
        var trouble = Choice.Of("", "ollama/gone", Listing(Small, Large)).Trouble;
        Assert.Contains("ollama/gone", trouble, StringComparison.Ordinal);
        Assert.Contains("2 large (lmstudio)", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_choice_whose_server_is_down_says_which_server_and_how_to_start_it()
    {
        var endpoint = new Endpoint(new Uri("http://127.0.0.1:11434/"), Named: false);
        var listing = Listing(Large) with { Unreachable = [new Place(endpoint.Label, null, [], "refused", "Ollama at http://127.0.0.1:11434: connection refused. Start it with `ollama serve`.", BackendFailure.Unreachable, endpoint)] };
        var trouble = Choice.Of("", "ollama/small", listing).Trouble;
        Assert.Contains("connection refused. Start it with `ollama serve`", trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("innocent", "")]
    [InlineData("", "ollama/innocent")]
    public void A_model_that_runs_elsewhere_is_refused_whatever_its_name(string wanted, string active)
    {
        var choice = Choice.Of(wanted, active.Length > 0 ? active : null, Listing(Small, Cloud));
        Assert.Null(choice.Model);
        Assert.Contains("https://ollama.com:443", choice.Trouble, StringComparison.Ordinal);
        Assert.Null(Choice.Known(wanted, active.Length > 0 ? active : null, Listing(Small, Cloud), TimeSpan.Zero));
    }

    [Theory]
    [InlineData("half", "")]
    [InlineData("1", "")]
    [InlineData("ha", "")]
    [InlineData("", "engine/half")]
    public void A_broken_model_is_refused_with_the_reason_and_what_to_do(string wanted, string active)
    {
        var choice = Choice.Of(wanted, active.Length > 0 ? active : null, Listing(Half, Small));
        Assert.Null(choice.Model);
        Assert.Contains("\"half\" (engine) is broken and is never loaded: holds 3.1 GB of 4.7 GB. Download it again, or remove it.", choice.Trouble, StringComparison.Ordinal);
        Assert.Contains("1 half (engine, broken), 2 small (ollama)", choice.Trouble, StringComparison.Ordinal);
        Assert.Null(Choice.Known(wanted, active.Length > 0 ? active : null, Listing(Half, Small), TimeSpan.Zero));
    }

    [Fact]
    public void A_broken_model_is_never_the_only_one()
    {
        Assert.Equal("small", Chosen(Half, Small));
        Assert.Equal("small", Choice.Known("", null, Listing(Half, Small), TimeSpan.Zero)?.Name);
        Assert.Null(Choice.Known("", null, Listing(Half), TimeSpan.Zero));
        Assert.Equal("There are no models to ask. Broken, to be downloaded again or removed: half (holds 3.1 GB of 4.7 GB).", Choice.Of("", null, Listing(Half)).Trouble?.Split(" Start ")[0]);
    }

    [Fact]
    public void Who_has_to_choose_is_not_shown_the_broken_ones() =>
        Assert.Contains("there are several: 2 small (ollama), 3 large (lmstudio). Choose one", Choice.Of("", null, Listing(Half, Small, Large)).Trouble, StringComparison.Ordinal);

    [Fact]
    public void The_smoke_test_does_not_stand_in_for_a_broken_model()
    {
        var choice = Choice.Of("", null, Listing(Half, Smoke));
        Assert.Null(choice.Model);
        Assert.Contains("half (holds 3.1 GB of 4.7 GB)", choice.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_for_one_sound_model_and_broken_ones_means_the_sound_one() =>
        Assert.Equal("half-again", Choice.Of("half-", null, Listing(Half with { Name = "half-done" }, Small with { Name = "half-again" })).Model?.Name);

    [Fact]
    public void Nothing_at_all_is_an_error_that_says_what_to_do() =>
        Assert.Contains("Start Ollama or LM Studio", Choice.Of("", null, Listing()).Trouble, StringComparison.Ordinal);

    private static string? Chosen(params ModelFacts[] models) => Choice.Of("", null, Listing(models)).Model?.Name;

    private static Listing Listing(params ModelFacts[] models) => new(models, [], [], []);
}
