using LocalMcp.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tests.Tools;

/// <summary>The last moments of a session.</summary>
public sealed class SessionEndTests
{
    [Fact]
    public async Task A_call_that_begins_when_everything_has_been_closed_is_told_so_and_does_nothing()
    {
        var end = new SessionEnd();
        await using var nobody = new StreamServerTransport(Stream.Null, Stream.Null);
        await end.FollowAsync(nobody, Task.CompletedTask, grace: TimeSpan.FromDays(1));
        end.Dispose();
        var begun = false;
        var result = await new ToolCalls(end).Guard((_, _) =>
        {
            begun = true;
            return ValueTask.FromResult(new CallToolResult());
        })(null!, TestContext.Current.CancellationToken);
        Assert.True(result.IsError);
        Assert.Equal("The session has ended, and the call with it. Ask again in a new session.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.False(begun);
    }
}
