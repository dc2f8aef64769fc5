using LocalMcp.Cli;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Cli;

/// <summary><c>local-mcp recommend</c>, as it is built, and its lines for machines that are not this one.</summary>
public sealed class RecommendVerbTests : IDisposable
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    private readonly TemporaryHome home = new();

    [Fact]
    public async Task One_model_for_each_goal_with_its_figures_and_the_command_that_gets_it()
    {
        var run = await RunAsync();
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"^This machine: .+ of memory, .+\.\nspeed.* \S+: .+\n          memory   [\d.]+ GB \(weights [\d.]+, KV cache [\d.]+ at a context of [\d,]+, working buffers [\d.]+\) of [\d.]+ GB that models may take\n          speed    .+\n(          note     .+\n)*          get it   local-mcp pull \S+\n", run.Output);
        // One model may be the one for several of them.
        var goals = run.Output.Split('\n').Skip(1).Where(line => line.Length > 0 && line[0] != ' ').SelectMany(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).SkipLast(1));
        Assert.Equal(["balanced", "quality", "speed"], goals.Order());
    }

    [Theory]
    [InlineData("speed")]
    [InlineData("balanced")]
    [InlineData("quality")]
    [InlineData("Quality")]
    public async Task For_one_goal_there_is_one_model(string goal)
    {
        var run = await RunAsync("--for", goal);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Single(run.Output.Split('\n'), line => line.StartsWith(goal.ToLowerInvariant() + " ", StringComparison.Ordinal));
        Assert.Single(run.Output.Split('\n'), line => line.Contains("get it   local-mcp pull ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--for", "beauty")]
    [InlineData("--for", "7")]
    [InlineData("--for", "1")]
    [InlineData("--for", "speed,quality")]
    [InlineData("--for")]
    [InlineData("quality")]
    public async Task A_goal_that_is_none_is_wrong_usage_and_those_that_there_are_are_told(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--help", run.Errors, StringComparison.Ordinal);
        if (arguments.Length == 2)
            Assert.Contains($"--for is {arguments[1]}; it expects speed, balanced or quality.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_settings_are_an_error_that_names_the_file()
    {
        home.WithSettings("{ \"nonsense\": 1 }");
        var run = await RunAsync();
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(home.SettingsFile, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_there_already_is_told_with_its_number()
    {
        var wanted = (await RunAsync("--for", "speed")).Output.Split("local-mcp pull ")[1].Trim();
        var choice = Catalog.Find(wanted)!;
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("another"), new FakeModel($"{choice.Model.Title}-{choice.Variant!.Quantization}")] });
        var run = await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "recommend", "--for", "speed");
        var number = string.CompareOrdinal(choice.Model.Title!.ToLowerInvariant(), "another") < 0 ? 1 : 2;
        Assert.EndsWith($"          have it  local-mcp use {number}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_broken_is_not_one_to_use()
    {
        var found = Recommendation.For(Goal.Speed, Catalog, Shapes.Mac, new Settings())!;
        var file = new ModelFacts { Name = $"{found.Choice.Model.Title}-{found.Choice.Variant!.Quantization}", Backend = "engine" };
        Assert.Equal("          have it  local-mcp use 1", Lines(found, file)[^1]);
        Assert.Equal($"          get it   local-mcp pull {found.Choice.Name}", Lines(found, file with { Broken = "part 2 of 3 is missing" })[^1]);
        Assert.Equal($"          get it   local-mcp pull {found.Choice.Name}", Lines(found, file with { RemoteHost = "ollama.com" })[^1]);
    }

    [Fact]
    public void The_speed_is_told_with_what_it_is_like_or_as_not_known()
    {
        Assert.Matches(@"^          speed    \d+ tok/s est\., (instant|fast|moderate)$", Lines(Recommendation.For(Goal.Balanced, Catalog, Shapes.Mac, new Settings())!)[2]);
        Assert.Equal("          speed    not known here; it is measured with the first chats", Lines(Recommendation.For(Goal.Balanced, Catalog, Shapes.Pc, new Settings())!)[2]);
    }

    public void Dispose() => home.Dispose();

    private static List<string> Lines(Recommendation recommendation, params ModelFacts[] models) =>
        [.. RecommendVerb.Lines([recommendation], MenuMaker.Of(new Listing(models, [], [], []), null, Shapes.Mac, new Settings(), new SpeedBook([]), Catalog), Catalog)];

    private Task<Verb> RunAsync(params string[] arguments) => Verb.RunAsync(home, [("LOCAL_MCP_URL", ClosedPort.Url())], ["recommend", .. arguments]);
}
