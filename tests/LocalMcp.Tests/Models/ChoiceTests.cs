using LocalMcp.Backends;
using LocalMcp.Models;

namespace LocalMcp.Tests.Models;

public sealed class ChoiceTests
{
    private static readonly ModelFacts Small = new() { Name = "small", Backend = "ollama", OllamaNames = true, Loaded = false };
    private static readonly ModelFacts Large = new() { Name = "large", Backend = "lmstudio", Loaded = false };
    private static readonly ModelFacts Cloud = new() { Name = "innocent", Backend = "ollama", RemoteHost = "https://ollama.com:443" };
    private static readonly ModelFacts Smoke = new() { Name = "smoke-test", Backend = "engine", SmokeTest = true };

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

    [Fact]
    public void Nothing_at_all_is_an_error_that_says_what_to_do() =>
        Assert.Contains("Start Ollama or LM Studio", Choice.Of("", null, Listing()).Trouble, StringComparison.Ordinal);

    private static string? Chosen(params ModelFacts[] models) => Choice.Of("", null, Listing(models)).Model?.Name;

    private static Listing Listing(params ModelFacts[] models) => new(models, [], [], []);
}
