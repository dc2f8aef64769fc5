using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalMcp.Tests.Support;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tests.Packaging;

/// <summary>What is in the NuGet package, and that the server in it works, however it is started.</summary>
public sealed partial class PackageTests(PackedTool tool)
{
    private static readonly string[] Tools = ["chat", "chat_to_file", "list_models", "quick_test", "set_model"];

    [Fact]
    public async Task The_package_is_a_tool_and_an_MCP_server_with_licence_readme_and_icon()
    {
        using var package = await OpenAsync();
        var facts = Nuspec(package);
        Assert.Equal("LocalMcp", Value(facts, "id"));
        Assert.Equal(ProgramVersion.Text, Value(facts, "version"));
        Assert.Equal(["DotnetTool", "McpServer"], facts.Descendants().Where(e => e.Name.LocalName == "packageType").Select(e => (string)e.Attribute("name")!).Order());
        Assert.Equal("MIT", Value(facts, "license"));
        Assert.NotEmpty(Text(package, Value(facts, "readme")));
        Assert.StartsWith("\u0089PNG", System.Text.Encoding.Latin1.GetString(Bytes(package, Value(facts, "icon"))), StringComparison.Ordinal);
        Assert.DoesNotContain(facts.Descendants(), e => e.Name.LocalName is "repository" or "projectUrl" or "dependency");
    }

    [Fact]
    public async Task The_package_holds_the_program_its_smoke_test_model_and_the_slash_command()
    {
        using var package = await OpenAsync();
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("tools/net10.0/any/local-mcp.dll", names);
        Assert.Equal("tools/net10.0/any/smoke-test.gguf", Assert.Single(names, name => name.EndsWith(".gguf", StringComparison.Ordinal)));
        var command = XDocument.Parse(Text(package, "tools/net10.0/any/DotnetToolSettings.xml")).Descendants("Command").Single();
        Assert.Equal("local-mcp", (string?)command.Attribute("Name"));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, ".claude", "commands", "switch-model.md"), TestContext.Current.CancellationToken), Text(package, "tools/net10.0/any/switch-model.md"));
    }

    /// <summary>The rules of https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json and of the registry for NuGet packages, as far as they concern this file.</summary>
    [Fact]
    public async Task Server_json_follows_its_schema_and_names_this_package_and_version()
    {
        using var package = await OpenAsync();
        var server = JsonNode.Parse(Text(package, ".mcp/server.json"))!;
        Assert.Equal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json", (string?)server["$schema"]);
        Assert.Matches(ServerName, (string?)server["name"]);
        Assert.InRange(((string?)server["title"])!.Length, 1, 100);
        Assert.InRange(((string?)server["description"])!.Length, 1, 100);
        Assert.Equal(ProgramVersion.Text, (string?)server["version"]);
        var described = Assert.Single(server["packages"]!.AsArray())!;
        Assert.Equal("nuget", (string?)described["registryType"]);
        Assert.Equal(Value(Nuspec(package), "id"), (string?)described["identifier"]);
        Assert.Equal(ProgramVersion.Text, (string?)described["version"]);
        Assert.Equal("stdio", (string?)described["transport"]!["type"]);
        Assert.Equal("""[{"type":"positional","value":"serve"}]""", described["packageArguments"]!.ToJsonString());
        Assert.Contains($"mcp-name: {server["name"]}\n", Text(package, "README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_installed_command_serves()
    {
        using var home = new TemporaryHome();
        await using var client = await tool.ConnectAsync(home, tool.Command, ["serve"]);
        Assert.Equal(ProgramVersion.Text, client.ServerInfo?.Version);
        Assert.Equal(Tools, (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(t => t.Name).Order());
    }

    [Fact]
    public async Task The_package_serves_without_an_installation()
    {
        using var home = new TemporaryHome();
        await using var client = await tool.ConnectAsync(home, "dotnet", Uninstalled());
        Assert.Equal(Tools, (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(t => t.Name).Order());
    }

    // The keeper is another process of the program: which one, is another question in each of these ways.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_server_of_the_package_finds_its_smoke_test_model_and_starts_the_engine(bool installed)
    {
        var engine = RealEngine.Require();
        using var home = new TemporaryHome().WithActive("engine/smoke-test");
        var path = ("PATH", $"{engine}:{Environment.GetEnvironmentVariable("PATH")}");
        await using var client = installed ? await tool.ConnectAsync(home, tool.Command, ["serve"], path) : await tool.ConnectAsync(home, "dotnet", Uninstalled(), path);
        var result = await client.CallToolAsync("quick_test", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("PASS smoke-test (engine) answers.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }

    private string[] Uninstalled() => ["dnx", "LocalMcp", "--yes", "--configfile", tool.Feed, "--", "serve"];

    private async Task<ZipArchive> OpenAsync()
    {
        await tool.ReadyAsync();
        return await ZipFile.OpenReadAsync(tool.Package, TestContext.Current.CancellationToken);
    }

    private static XDocument Nuspec(ZipArchive package) => XDocument.Parse(Text(package, "LocalMcp.nuspec"));

    private static string Value(XDocument facts, string name) => facts.Descendants().Single(e => e.Name.LocalName == name).Value;

    private static string Text(ZipArchive package, string name) => System.Text.Encoding.UTF8.GetString(Bytes(package, name)).TrimStart('\ufeff');

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var entry = (package.GetEntry(name) ?? throw new InvalidOperationException($"The package has no {name}.")).Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")]
    private static partial Regex ServerName { get; }
}
