using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.State;

public sealed class OwnProgramTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Fact]
    public void The_program_in_its_own_folder_is_started_whoever_runs_it()
    {
        var program = Path.Combine(home.Folder, "local-mcp");
        File.WriteAllText(program, "");
        Assert.Equal([program], OwnProgram.CommandOf(home.Folder, "/usr/bin/dotnet"));
        Assert.Equal([program], OwnProgram.CommandOf(home.Folder, "/elsewhere/local-mcp"));
    }

    [Fact]
    public void The_command_of_an_installed_tool_is_started_again() =>
        Assert.Equal(["/home/you/.dotnet/tools/local-mcp"], OwnProgram.CommandOf(home.Folder, "/home/you/.dotnet/tools/local-mcp"));

    [Fact]
    public void The_dotnet_host_is_told_what_to_run() =>
        Assert.Equal(["/usr/share/dotnet/dotnet", Path.Combine(home.Folder, "local-mcp.dll")], OwnProgram.CommandOf(home.Folder, "/usr/share/dotnet/dotnet"));

    public void Dispose() => home.Dispose();
}
