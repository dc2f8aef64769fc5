using System.Text.Json;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tests.Prompts;

/// <summary>/mcp__local__switch-model: the menu before any model has its turn, through the built program in both eras of the protocol.</summary>
public sealed class SwitchModelPromptTests : IDisposable
{
    private const string Told = "I have switched the local model. Tell me these lines as they are, and do nothing else:\n";
    private const string Refused = "The local model was not switched. Tell me this as it is, and do nothing else:\n";

    private readonly TemporaryHome home = new();

    public static TheoryData<string> Eras => ServerSession.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task It_is_there_with_one_argument_that_may_be_left_out(string era)
    {
        await using var session = await SessionAsync(era, ClosedPort.Url());
        var prompt = Assert.Single(await session.Client.ListPromptsAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("switch-model", "Switch the local model"), (prompt.Name, prompt.Title));
        var argument = Assert.Single(prompt.ProtocolPrompt.Arguments!);
        Assert.Equal(("model", true), (argument.Name, argument.Required is not true));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task The_menu_has_the_models_in_order_and_the_choice_switches_and_tests(string era)
    {
        await using var server = await TwoAsync();
        home.WithActive("ollama/large:latest");
        ElicitRequestParams? asked = null;
        await using var session = await SessionAsync(era, server.BaseUrl, Choose);
        Assert.Matches($@"^{Told}The active model is now small:latest \(ollama\)\. It replaces ollama/large:latest\.\nPASS small:latest \(ollama\) answers: first token [\d.]+ s, .+\.$", await AskAsync(session));
        Assert.Equal("Which local model shall answer from now on?", asked!.Message);
        var field = Assert.IsType<ElicitRequestParams.TitledSingleSelectEnumSchema>(Assert.Single(asked.RequestedSchema!.Properties).Value);
        Assert.Equal(["ollama/large:latest", "ollama/small:latest"], field.OneOf.Select(option => option.Const));
        Assert.Equal("ollama/large:latest", field.Default);
        Assert.Matches(@"^● 1 large:latest · too big · [\d.]+ GB · ollama$", field.OneOf[0].Title);
        Assert.Matches(@"^2 small:latest · fits · .+ · ollama$", field.OneOf[1].Title);
        Assert.Equal("ollama/small:latest\n", await File.ReadAllTextAsync(home.ActiveModelFile, TestContext.Current.CancellationToken));

        ElicitResult Choose(ElicitRequestParams? question)
        {
            asked = question;
            return Chosen("ollama/small:latest");
        }
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Who_leaves_the_menu_or_has_none_gets_the_numbered_list_and_nothing_is_changed(string era)
    {
        await using var server = await TwoAsync();
        const string List = @"^Show me this list of local models in a code block, exactly as it is, say that this command with a number switches, and do nothing else:\n  #  model (.|\n)+\n  1  large:latest (.|\n)+\n  2  small:latest ";
        await using (var silent = await SessionAsync(era, server.BaseUrl))
            Assert.Matches(List, await AskAsync(silent));
        await using (var leaving = await SessionAsync(era, server.BaseUrl, _ => new ElicitResult { Action = "cancel" }))
            Assert.Matches(List, await AskAsync(leaving));
        await using (var declining = await SessionAsync(era, server.BaseUrl, _ => new ElicitResult { Action = "decline" }))
            Assert.Equal("I left the menu of local models, and nothing was changed. Say so in one line, and do nothing else.", await AskAsync(declining));
        Assert.False(File.Exists(home.ActiveModelFile));
        Assert.DoesNotContain(server.Requests, request => request.Path == "/api/chat");
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_number_or_a_part_of_a_name_switches_at_once_without_a_menu(string era)
    {
        await using var server = await TwoAsync();
        await using var session = await SessionAsync(era, server.BaseUrl, _ => throw new InvalidOperationException("Nobody should be asked."));
        Assert.StartsWith(Told + "The active model is now small:latest (ollama). None was chosen before.\nPASS ", await AskAsync(session, " 2 "), StringComparison.Ordinal);
        Assert.StartsWith(Told + "small:latest (ollama) is the active model already.\nPASS ", await AskAsync(session, "SMALL"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task What_is_refused_is_told_in_its_own_words_and_nothing_is_changed(string era)
    {
        await using var server = await TwoAsync();
        await using var session = await SessionAsync(era, server.BaseUrl, _ => Chosen("ollama/large:latest"));
        Assert.StartsWith(Refused + "No model matches \"32c\". There are: 1 large:latest (ollama), 2 small:latest (ollama).", await AskAsync(session, "32c"), StringComparison.Ordinal);
        Assert.StartsWith(Refused + "large:latest is too big for this machine now, by our estimate: ", await AskAsync(session, "large"), StringComparison.Ordinal);
        Assert.StartsWith(Refused + "large:latest is too big for this machine now, by our estimate: ", await AskAsync(session), StringComparison.Ordinal);
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Broken_settings_are_told_until_they_are_mended(string era)
    {
        await using var server = await TwoAsync();
        home.WithSettings("{ \"nonsense\": 1 }");
        await using var session = await SessionAsync(era, server.BaseUrl);
        Assert.StartsWith($"{Refused}{home.SettingsFile}, line 1: \"nonsense\" is not a setting", await AskAsync(session), StringComparison.Ordinal);
        home.WithSettings("{}");
        Assert.StartsWith(Told, await AskAsync(session, "small"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_model_that_does_not_answer_is_switched_to_and_the_failure_is_told(string era)
    {
        await using var server = await TwoAsync();
        server.Options = server.Options with { Answer = "" };
        await using var session = await SessionAsync(era, server.BaseUrl);
        Assert.StartsWith(Told + "The active model is now small:latest (ollama). None was chosen before.\nFAIL no answer: small:latest (ollama) answered with nothing.", await AskAsync(session, "small"), StringComparison.Ordinal);
        Assert.True(File.Exists(home.ActiveModelFile));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task The_tool_refuses_what_is_too_big_and_switches_with_force(string era)
    {
        await using var server = await TwoAsync();
        await using var session = await SessionAsync(era, server.BaseUrl);
        Assert.Contains("Nothing was changed. Choose another one with set_model, or give it force to switch all the same.", await session.ErrorAsync("set_model", new { name = "large" }), StringComparison.Ordinal);
        Assert.False(File.Exists(home.ActiveModelFile));
        Assert.Matches(@" It was forced\.\nPASS large:latest \(ollama\) answers: ", await session.TextAsync("set_model", new { name = "large", force = true }));
        Assert.Equal("ollama/large:latest\nforced\n", await File.ReadAllTextAsync(home.ActiveModelFile, TestContext.Current.CancellationToken));
        var lines = (await session.TextAsync("list_models")).Split('\n');
        Assert.StartsWith("● 1  large:latest", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_refuses_what_is_too_big_and_switches_with_force()
    {
        await using var server = await TwoAsync();
        var refused = await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "use", "large");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.EndsWith(" Nothing was changed. Choose another one with `local-mcp use`, or give it --force to switch all the same.\n", refused.Errors, StringComparison.Ordinal);
        var forced = await Verb.RunAsync(home, [("LOCAL_MCP_URL", server.BaseUrl)], "use", "large", "--force");
        Assert.Equal(0, forced.ExitCode);
        Assert.Matches(@" It was forced\.\nPASS large:latest \(ollama\) answers: .+\n$", forced.Output);
    }

    public void Dispose() => home.Dispose();

    // More than any machine has.
    private static Task<FakeModelServer> TwoAsync() => FakeModelServer.StartAsync(new FakeOptions
    {
        Kind = ServerKind.Ollama,
        Models = [new FakeModel("large", SizeBytes: 900_000_000_000_000), new FakeModel("small", SizeBytes: 1_000_000)],
    });

    private Task<ServerSession> SessionAsync(string era, string url, Func<ElicitRequestParams?, ElicitResult>? choose = null) => ServerSession.StartAsync(home, era, choose, ("LOCAL_MCP_URL", url));

    private static async Task<string> AskAsync(ServerSession session, string? model = null)
    {
        var arguments = model is null ? null : new Dictionary<string, object?> { ["model"] = model };
        var result = await session.Client.GetPromptAsync("switch-model", arguments, cancellationToken: TestContext.Current.CancellationToken);
        var message = Assert.Single(result.Messages);
        Assert.Equal(Role.User, message.Role);
        return Assert.IsType<TextContentBlock>(message.Content).Text;
    }

    private static ElicitResult Chosen(string id) => new() { Action = "accept", Content = new Dictionary<string, JsonElement> { ["model"] = JsonSerializer.SerializeToElement(id) } };
}
