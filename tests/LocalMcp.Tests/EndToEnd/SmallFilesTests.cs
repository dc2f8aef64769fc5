using System.Diagnostics;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>A process that may write no files, or small ones only (<c>ulimit -f</c>), as on a full disk.</summary>
public sealed class SmallFilesTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_chat_is_answered_although_nothing_can_be_kept_of_it(int blocks)
    {
        await using var server = await FakeModelServer.StartAsync();
        for (var call = 0; call < 5; call++)
        {
            var (exitCode, output) = await RunAsync(blocks, server.BaseUrl, "chat", "hi");
            Assert.Contains("Hello from the scripted model.", output, StringComparison.Ordinal);
            Assert.Equal(0, exitCode);
        }
        Assert.Empty(Directory.EnumerateFiles(home.Folder, "*.tmp", SearchOption.AllDirectories));
        foreach (var log in Directory.EnumerateFiles(home.Folder, "*.jsonl", SearchOption.AllDirectories))
            Assert.All(await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken), line => Assert.EndsWith("}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_cannot_be_saved_as_the_active_one_is_told_so()
    {
        await using var server = await FakeModelServer.StartAsync();
        var (exitCode, output) = await RunAsync(0, server.BaseUrl, "use", "scripted");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("The choice could not be saved", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(home.Folder, "*", SearchOption.AllDirectories));
    }

    public void Dispose() => home.Dispose();

    // The runtime itself keeps compiled code in a file in memory, which counts, unless it is told not to.
    private async Task<(int ExitCode, string Output)> RunAsync(int blocks, string url, params string[] words)
    {
        var start = ProgramStart.Of("/bin/sh", home, ["-c", $"ulimit -f {blocks}; exec \"$0\" \"$@\"", Repository.Program, .. words], ("LOCAL_MCP_URL", url), ("DOTNET_EnableWriteXorExecute", "0"));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
