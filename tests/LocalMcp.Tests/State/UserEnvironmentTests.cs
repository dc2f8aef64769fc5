using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.State;

public sealed class UserEnvironmentTests
{
    [Fact]
    public void Folders_follow_the_XDG_variables_and_fall_back_to_the_home()
    {
        using var home = new TemporaryHome();
        Assert.Equal(home.ConfigFolder, home.Environment().ConfigFolder);
        Assert.Equal("/elsewhere/local-mcp", home.Environment(("XDG_CONFIG_HOME", "/elsewhere")).ConfigFolder);
        Assert.Equal("/data/local-mcp/models", home.Environment(("XDG_DATA_HOME", "/data")).ModelFolder);
        Assert.Equal(home.ConfigFolder, home.Environment(("XDG_CONFIG_HOME", "relative")).ConfigFolder);
    }

    [Fact]
    public void Several_URLs_are_separated_by_commas()
    {
        using var home = new TemporaryHome();
        Assert.Equal(["http://a/v1", "http://b"], home.Environment(("LOCAL_MCP_URL", " http://a/v1 , http://b,")).Urls);
        Assert.Empty(home.Environment().Urls);
    }
}
