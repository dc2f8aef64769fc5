using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalMcp.Tests.Support;
using ModelContextProtocol.Client;

namespace LocalMcp.Tests.Packaging;

/// <summary>The plugin for Claude Code, which is made of the same files that a project has in .claude.</summary>
public sealed partial class PluginTests
{
    private static readonly JsonNode Plugin = Json(".claude-plugin/plugin.json");

    /// <summary>How Claude Code calls the tools: of a server that the user registered as `local`, and of the server of the plugin.</summary>
    private static readonly string[] Prefixes = ["mcp__local__", "mcp__plugin_local-mcp_local__"];

    public static TheoryData<string> Files => [.. Named("commands"), .. Named("agents"), .. Named("skills").Select(folder => folder + "/SKILL.md")];

    [Fact]
    public void The_marketplace_offers_the_plugin_of_this_checkout_in_this_version()
    {
        var marketplace = Json(".claude-plugin/marketplace.json");
        var offered = Assert.Single(marketplace["plugins"]!.AsArray())!;
        Assert.Equal((string?)Plugin["name"], (string?)offered["name"]);
        Assert.Equal("./", (string?)offered["source"]);
        Assert.Null(offered["version"]);
        Assert.Equal(ProgramVersion.Text, (string?)Plugin["version"]);
        Assert.Equal("local-mcp", (string?)Plugin["name"]);
    }

    [Fact]
    public void The_plugin_starts_the_server_as_the_project_file_does()
    {
        Assert.Equal("./.mcp.json", (string?)Plugin["mcpServers"]);
        Assert.Equal("""{"mcpServers":{"local":{"command":"local-mcp","args":["serve"]}}}""", Json(".mcp.json").ToJsonString());
    }

    [Fact]
    public void Every_command_agent_and_skill_of_the_project_is_one_of_the_plugin()
    {
        Assert.Equal(Directory.GetFiles(At(".claude/commands")), Named("commands").Select(At));
        Assert.Equal(Directory.GetFiles(At(".claude/agents")), Named("agents").Select(At));
        Assert.Equal(Directory.GetDirectories(At(".claude/skills")), Named("skills").Select(At));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_tool_that_is_named_is_one_of_the_server(string file)
    {
        using var home = new TemporaryHome();
        await using var session = await ServerSession.StartAsync(home, "2025-11-25");
        var tools = (await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).ToHashSet();
        var named = ToolName.Matches(File.ReadAllText(At(file))).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tools));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_may_be_called_may_be_called_under_both_names(string file)
    {
        var text = File.ReadAllText(At(file));
        var allowed = Allowed.Match(text).Groups[1].Value.Split(", ");
        var of = Prefixes.Select(prefix => allowed.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).ToList()).ToList();
        Assert.NotEmpty(of[0]);
        Assert.Equal(of[0], of[1]);
        Assert.Matches(Description, text);
    }

    [Fact]
    public void Agents_and_skills_go_by_the_names_of_their_files()
    {
        Assert.All(Named("agents"), file => Assert.Contains($"\nname: {Path.GetFileNameWithoutExtension(file)}\n", File.ReadAllText(At(file)), StringComparison.Ordinal));
        Assert.All(Named("skills"), folder => Assert.Contains($"\nname: {Path.GetFileName(folder)}\n", File.ReadAllText(At(folder + "/SKILL.md")), StringComparison.Ordinal));
    }

    private static IEnumerable<string> Named(string kind) => Plugin[kind]!.AsArray().Select(path => ((string)path!)[2..]);

    private static string At(string path) => Path.Combine(Repository.Root, path);

    private static JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(At(path)))!;

    [GeneratedRegex("mcp__(?:plugin_local-mcp_)?local__([a-z_]+)")]
    private static partial Regex ToolName { get; }

    [GeneratedRegex("^---\n(?:.*\n)*?(?:allowed-tools|tools): (.+)\n(?:.*\n)*?---\n")]
    private static partial Regex Allowed { get; }

    [GeneratedRegex("^---\n(?:.*\n)*?description: .{20,1024}\n(?:.*\n)*?---\n")]
    private static partial Regex Description { get; }
}
