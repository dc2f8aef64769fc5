using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>The prompt switch-model as a client gets it, in both eras of the protocol.</summary>
public sealed class SwitchModelPromptTests : IDisposable
{
    public static TheoryData<string> Eras => ServerSession.Eras;

    private readonly TemporaryHome home = new();

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_menu_that_the_user_declines_is_not_followed_by_the_list(string era)
    {
        Assert.Equal("I left the menu of local models, and nothing was changed. Say so in one line, and do nothing else.", await PromptAsync(era, "decline"));
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_menu_that_is_cancelled_may_be_one_that_nobody_saw_so_the_list_follows(string era)
    {
        Assert.Matches(@"^Show me this list of local models in a code block, exactly as it is, say that this command with a number switches, and do nothing else:\n(.|\n)*  1  large(.|\n)*  2  small", await PromptAsync(era, "cancel"));
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task The_tool_set_model_says_that_the_user_declined(string era)
    {
        await using var server = await StartAsync();
        await using var session = await ServerSession.StartAsync(home, era, _ => new ElicitResult { Action = "decline" }, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Equal("Nothing was changed: the user declined the menu.", await session.TextAsync("set_model"));
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    public void Dispose() => home.Dispose();

    private async Task<string> PromptAsync(string era, string action)
    {
        await using var server = await StartAsync();
        await using var session = await ServerSession.StartAsync(home, era, _ => new ElicitResult { Action = action }, ("LOCAL_MCP_URL", server.BaseUrl));
        var prompt = await session.Client.GetPromptAsync("switch-model", cancellationToken: TestContext.Current.CancellationToken);
        return Assert.IsType<TextContentBlock>(Assert.Single(prompt.Messages).Content).Text;
    }

    private static Task<FakeModelServer> StartAsync() => FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("small"), new FakeModel("large")] });
}
