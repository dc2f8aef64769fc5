using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

public sealed class SmokeTestModelTests
{
    [Fact]
    public void The_model_that_ships_is_what_our_own_writer_makes()
    {
        using var home = new TemporaryHome();
        var made = Path.Combine(home.Folder, "smoke.gguf");
        SmokeModel.Write(made);
        var shipped = Path.Combine(Repository.Root, "src", "LocalMcp", "Backends", "Engine", "smoke-test.gguf");
        Assert.True(File.ReadAllBytes(made).AsSpan().SequenceEqual(File.ReadAllBytes(shipped)), "Run `dotnet run --project tests/LocalMcp.TestModels -- smoke --out src/LocalMcp/Backends/Engine/smoke-test.gguf`, and say in the commit why it changed.");
        Assert.InRange(new FileInfo(shipped).Length, 1, 1_000_000);
    }
}
