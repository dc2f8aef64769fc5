using LocalMcp.Doctor;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Doctor;

/// <summary>Model folders, the active model, and what Ollama does without a word.</summary>
public sealed class ModelChecksTests : IDisposable
{
    private readonly DoctorHome home = new();

    [Fact]
    public async Task Folders_are_told_with_the_number_of_their_models_and_broken_ones_are_named()
    {
        var other = home.Below("other");
        home.Home.WithSettings("""{ "model_folders": [ "~/other" ] }""");
        Model(Path.Combine(home.Home.ModelFolder, "deep"), "a");
        Model(other, "b");
        Model(other, "c");
        var sound = Find(await home.ChecksAsync(ClosedPort.Url()), "model folders");
        Assert.Equal(Check.Good("model folders", $"{home.Home.ModelFolder}: 1 model; {other}: 2 models"), sound);
        File.WriteAllText(Path.Combine(other, "d.gguf"), "no GGUF");
        var broken = Find(await home.ChecksAsync(ClosedPort.Url()), "model folders");
        Assert.Equal(Verdict.Note, broken.Verdict);
        Assert.Contains($"{other}: 3 models. Broken: d (", broken.Finding, StringComparison.Ordinal);
        Assert.NotNull(broken.NextStep);
    }

    [Fact]
    public async Task A_folder_in_another_has_its_own_models()
    {
        home.Home.WithSettings($$"""{ "model_folders": [ "{{home.Home.ModelFolder}}/inner" ] }""");
        Model(Path.Combine(home.Home.ModelFolder, "inner"), "a");
        Assert.Equal($"{home.Home.ModelFolder}: no models; {home.Home.ModelFolder}/inner: 1 model", Find(await home.ChecksAsync(ClosedPort.Url()), "model folders").Finding);
    }

    [Fact]
    public async Task The_active_model_is_good_when_it_is_there()
    {
        await using var server = await TwoAsync();
        home.Home.WithActive("openai/b");
        Assert.Equal(Check.Good("active model", "openai/b"), await ActiveAsync(server.BaseUrl));
    }

    [Fact]
    public async Task Without_one_among_several_it_is_bad_and_the_list_is_there()
    {
        await using var server = await TwoAsync();
        var check = await ActiveAsync(server.BaseUrl);
        Assert.Equal(new Check("active model", Verdict.Bad, "none chosen, and there are several: 1 a (openai), 2 b (openai)", "Choose one with `local-mcp use <number>`."), check);
    }

    [Fact]
    public async Task One_that_has_gone_is_bad_and_the_next_step_names_those_that_are_there()
    {
        await using var server = await TwoAsync();
        home.Home.WithActive("openai/c");
        var check = await ActiveAsync(server.BaseUrl);
        Assert.Equal((Verdict.Bad, "The active model is openai/c, and it is not there any more"), (check.Verdict, check.Finding));
        Assert.Contains("1 a (openai), 2 b (openai)", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_model_at_all_the_next_step_is_to_get_one()
    {
        var check = await ActiveAsync(ClosedPort.Url());
        Assert.Equal((Verdict.Bad, "there is no model to ask"), (check.Verdict, check.Finding));
        Assert.Contains(home.Home.ModelFolder, check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_active_model_that_cannot_be_read_is_bad_in_its_own_words()
    {
        home.Home.WithActive("one\ttwo");
        var check = await ActiveAsync(ClosedPort.Url());
        Assert.Equal(Verdict.Bad, check.Verdict);
        Assert.Contains(home.Home.ActiveModelFile, check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_more_than_the_machine_can_hold_is_a_note_with_the_reason()
    {
        await using var server = await TwoAsync();
        home.Home.WithActive("openai/b");
        await using var services = new ServiceCollection().AddLocalMcp(home.Home.Environment(("LOCAL_MCP_URL", server.BaseUrl))).BuildServiceProvider();
        var checks = await Examinations.All(services, (model, _) => Task.FromResult<string?>($"{model.Name} is too large."), home.Project).RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var check = Find(checks, "active model");
        Assert.Equal((Verdict.Note, "openai/b. b is too large"), (check.Verdict, check.Finding));
        Assert.NotNull(check.NextStep);
    }

    [Theory]
    [InlineData(4096, 32_768, false)]
    [InlineData(2048, 32_768, false)]
    [InlineData(16_384, 32_768, true)]
    [InlineData(2048, 2048, true)]
    public async Task A_loaded_model_of_Ollama_tells_the_context_it_is_served_with(int served, int trained, bool enough)
    {
        await using var server = await OllamaAsync(new FakeModel("a", Loaded: true, ContextLength: trained) { ServedContext = served });
        var check = Find(await home.ChecksAsync(server.BaseUrl), "Ollama's context");
        Assert.Equal((enough ? Verdict.Good : Verdict.Note, !enough), (check.Verdict, check.NextStep?.Contains("OLLAMA_CONTEXT_LENGTH=16384", StringComparison.Ordinal) is true));
        Assert.Contains(FormattableString.Invariant($"a:latest is served with {served:N0} tokens"), check.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false, "is not set")]
    [InlineData("0", false, "is not set")]
    [InlineData("4096", false, "is only 4,096")]
    [InlineData("32768", true, "is 32,768")]
    public async Task With_no_model_loaded_the_environment_is_all_there_is_to_go_by(string set, bool enough, string words)
    {
        await using var server = await OllamaAsync(new FakeModel("a"));
        var check = Find(await home.ChecksAsync(server.BaseUrl, ("OLLAMA_CONTEXT_LENGTH", set)), "Ollama's context");
        Assert.Equal(enough ? Verdict.Good : Verdict.Note, check.Verdict);
        Assert.Contains(words, check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_that_run_in_a_cloud_are_named_whatever_they_are_called()
    {
        await using var server = await OllamaAsync(new FakeModel("innocent", RemoteHost: "https://ollama.com:443"), new FakeModel("local"));
        var check = Find(await home.ChecksAsync(server.BaseUrl), "cloud models");
        Assert.Equal(Check.Note("cloud models", "innocent:latest (ollama passes it on to https://ollama.com:443); refused here, local means local"), check);
    }

    [Fact]
    public async Task Without_an_Ollama_nothing_is_said_of_it()
    {
        await using var server = await TwoAsync();
        Assert.DoesNotContain(await home.ChecksAsync(server.BaseUrl), check => check.Title is "Ollama's context" or "cloud models");
    }

    public void Dispose() => home.Dispose();

    private async Task<Check> ActiveAsync(string urls) => Find(await home.ChecksAsync(urls), "active model");

    private static Check Find(IEnumerable<Check> checks, string title) => Assert.Single(checks, check => check.Title == title);

    private static Task<FakeModelServer> TwoAsync() => FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("a"), new FakeModel("b")] });

    private static Task<FakeModelServer> OllamaAsync(params FakeModel[] models) => FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = models });

    private static void Model(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        ScriptedModel.Write(Path.Combine(folder, name + ".gguf"), new Script("Hello."));
    }
}
