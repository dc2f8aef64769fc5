using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Packaging;

/// <summary>install.sh on a machine without the .NET SDK, and what it leaves behind. That it builds and installs is tested by `.ci/run`.</summary>
public sealed class InstallerTests : IDisposable
{
    private const string Sdk = "https://dotnet.microsoft.com/download/dotnet/10.0";

    private readonly InstallerRun run = new();

    [Theory]
    [InlineData()]
    [InlineData("--release")]
    public async Task Without_SDK_and_release_it_says_so_and_installs_nothing(params string[] arguments)
    {
        var said = await run.RunAsync(arguments, ("LOCAL_MCP_RELEASES", ""));
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("No release has been published yet", said.Errors, StringComparison.Ordinal);
        Assert.Equal(arguments.Length == 0, said.Errors.Contains(Sdk, StringComparison.Ordinal));
        Assert.Empty(run.Left);
    }

    [Fact]
    public async Task Without_SDK_and_terminal_it_names_the_release_and_downloads_nothing()
    {
        await run.PublishAsync();
        var said = await run.RunAsync([]);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains($"it is downloaded from {run.Releases.Url}", said.Output, StringComparison.Ordinal);
        Assert.Contains("./install.sh --release", said.Errors, StringComparison.Ordinal);
        Assert.Contains(Sdk, said.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Releases.Asked);
        Assert.Empty(run.Left);
    }

    [Fact]
    public async Task A_release_is_installed_and_tried_and_nothing_but_models_is_left_of_it()
    {
        await run.PublishAsync();
        var installed = await run.RunAsync(["--release"]);
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Errors);
        Assert.Equal([InstallerRun.Archive + ".sha256", InstallerRun.Archive], run.Releases.Asked);
        Assert.Contains($"local-mcp {ProgramVersion.Text} for ", installed.Output, StringComparison.Ordinal);
        Assert.Contains("PASS smoke-test (engine) answers.", installed.Output, StringComparison.Ordinal);
        Assert.Contains(".claude/commands/switch-model.md", run.Left);
        Assert.Contains($"Command: {run.Home.Folder}/.local/bin/local-mcp", await File.ReadAllTextAsync(Path.Combine(run.Home.Folder, "registered"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        run.Home.WithSettings("{}").WithActive("engine/mine");
        Directory.CreateDirectory(run.Home.ModelFolder);
        await File.WriteAllTextAsync(Path.Combine(run.Home.ModelFolder, "mine.gguf"), "", TestContext.Current.CancellationToken);
        var removed = await run.RunAsync(["--uninstall"]);
        Assert.True(removed.ExitCode == 0, removed.Errors);
        Assert.Contains($"Removed: {run.Home.ConfigFolder} (settings and the active model)", removed.Output, StringComparison.Ordinal);
        Assert.Contains($"Kept: {run.Home.ModelFolder} (your models)", removed.Output, StringComparison.Ordinal);
        Assert.Equal([".local", ".local/share", ".local/share/local-mcp", ".local/share/local-mcp/models", ".local/share/local-mcp/models/mine.gguf"], run.Left);
    }

    [Fact]
    public async Task A_second_installation_still_knows_which_folders_the_first_one_made()
    {
        await run.PublishAsync();
        Assert.Equal(0, (await run.RunAsync(["--release"])).ExitCode);
        Assert.Equal(0, (await run.RunAsync(["--release"])).ExitCode);
        Assert.Equal(0, (await run.RunAsync(["--uninstall"])).ExitCode);
        Assert.Empty(run.Left);
    }

    [Fact]
    public async Task What_is_not_ours_stays_at_the_uninstallation()
    {
        await run.PublishAsync();
        Directory.CreateDirectory(Path.Combine(run.Home.Folder, ".config"));
        Assert.Equal(0, (await run.RunAsync(["--release"])).ExitCode);
        await File.AppendAllTextAsync(Path.Combine(run.Home.Folder, ".claude", "commands", "switch-model.md"), "mine", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(run.Home.Folder, ".local", "bin", "mine"), "", TestContext.Current.CancellationToken);
        var removed = await run.RunAsync(["--uninstall"]);
        Assert.Contains("switch-model.md, which you changed", removed.Output, StringComparison.Ordinal);
        Assert.Equal([".claude", ".claude/commands", ".claude/commands/switch-model.md", ".config", ".local", ".local/bin", ".local/bin/mine"], run.Left);
    }

    [Fact]
    public async Task Settings_that_another_copy_uses_stay()
    {
        await run.PublishAsync();
        Assert.Equal(0, (await run.RunAsync(["--release"])).ExitCode);
        Assert.Equal(0, (await run.RunAsync(["--release", "--prefix", "other"])).ExitCode);
        run.Home.WithSettings("{}");
        var removed = await run.RunAsync(["--uninstall", "--prefix", "other"], ("PATH", $"{run.Home.Folder}/.local/bin:/usr/bin:/bin"));
        Assert.Contains($"which {run.Home.Folder}/.local/bin/local-mcp uses as well", removed.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(run.Home.SettingsFile));
        Assert.DoesNotContain("other", run.Left);
    }

    [Theory]
    [InlineData("enabled", false)]
    [InlineData("disabled", true)]
    public async Task Beside_the_plugin_the_server_is_not_registered_a_second_time(string status, bool registered)
    {
        await run.PublishAsync();
        await File.WriteAllTextAsync(Path.Combine(run.Home.Folder, "plugins"), $"Installed plugins:\n\n  > local-mcp@local-mcp\n    Status: {status}\n\n  > another@place\n    Status: enabled\n", TestContext.Current.CancellationToken);
        var installed = await run.RunAsync(["--release"]);
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Errors);
        Assert.Equal(registered, run.Left.Contains("registered"));
        Assert.Equal(!registered, installed.Output.Contains("the plugin local-mcp is there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_models_and_none_chosen_is_no_failure_of_the_installation()
    {
        await run.PublishAsync();
        Directory.CreateDirectory(run.Home.ModelFolder);
        foreach (var name in new[] { "one", "two" })
            ScriptedModel.Write(Path.Combine(run.Home.ModelFolder, name + ".gguf"), new Script("hello"));
        var installed = await run.RunAsync(["--release"]);
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Errors);
        Assert.Contains($"`{run.Home.Folder}/.local/bin/local-mcp use NUMBER` chooses one", installed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkdir -p local-mcp/a; echo x >local-mcp/local-mcp; tar -czPf \"$archive\" local-mcp/a/../../x local-mcp 2>/dev/null || { touch ../evil; tar -czPf \"$archive\" local-mcp/../../evil local-mcp; }", "leads out of its folder")]
    [InlineData("mkdir local-mcp; touch local-mcp/local-mcp; tar -czPf \"$archive\" local-mcp \"$PWD/local-mcp/local-mcp\"", "leads out of its folder")]
    [InlineData("mkdir local-mcp; touch local-mcp/local-mcp other; tar -czf \"$archive\" local-mcp other", "does not belong there")]
    [InlineData("mkdir local-mcp; ln -s /bin/sh local-mcp/local-mcp; tar -czf \"$archive\" local-mcp", "holds links")]
    [InlineData("mkdir local-mcp; touch local-mcp/readme; tar -czf \"$archive\" local-mcp", "holds no program")]
    [InlineData("mkdir local-mcp; printf '#!/bin/sh\\nexit 3\\n' >local-mcp/local-mcp; chmod +x local-mcp/local-mcp; tar -czf \"$archive\" local-mcp", "does not run here")]
    [InlineData("echo garbage >\"$archive\"", "cannot be read")]
    public async Task An_archive_that_is_not_as_it_should_be_is_refused(string words, string reason)
    {
        await run.PublishAsync(words);
        var said = await run.RunAsync(["--release"]);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(reason, said.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Left);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  x\n")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Nothing_is_unpacked_whose_checksum_is_another(string checksum)
    {
        await run.PublishAsync();
        await File.WriteAllTextAsync(run.Releases.File(InstallerRun.Archive + ".sha256"), checksum, TestContext.Current.CancellationToken);
        var said = await run.RunAsync(["--release"]);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("is not what was published", said.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Left);
    }

    [Theory]
    [InlineData("http://example.com/releases", "over https only")]
    [InlineData("http://127.0.0.1.example.com/releases", "over https only")]
    [InlineData("http://127.0.0.1:80@example.com/releases", "over https only")]
    [InlineData("ftp://127.0.0.1/releases", "over https only")]
    [InlineData("http://127.0.0.1:1/releases", "could not be downloaded")]
    public async Task A_place_that_is_not_safe_or_not_there_is_not_used(string url, string reason)
    {
        var said = await run.RunAsync(["--release"], ("LOCAL_MCP_RELEASES", url));
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(reason, said.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Left);
    }

    public void Dispose() => run.Dispose();
}
