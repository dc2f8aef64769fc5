using System.Globalization;
using LocalMcp.Machine;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Machine;

public sealed class SystemProgramTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [Fact]
    public void Says_what_the_program_prints_whatever_it_thinks_of_it() =>
        Assert.Equal("a 1.5\n", SystemProgram.Ask("/bin/sh", ["-c", "echo a 1.5; echo no >&2; exit 9"], Enough));

    [Fact]
    public async Task A_program_that_hangs_is_ended_with_its_children_and_says_nothing()
    {
        using var home = new TemporaryHome();
        var child = Path.Combine(home.Folder, "child");
        // It hangs for good once its child is there, so that a slow start of it ends no test.
        while (!File.Exists(child))
            Assert.Null(SystemProgram.Ask("/bin/sh", ["-c", "echo early; sleep 1000 & echo $! > \"$0.new\"; mv \"$0.new\" \"$0\"; wait", child], TimeSpan.FromMilliseconds(300)));
        await Gone.ProcessAsync(int.Parse(await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_program_that_is_missing_or_is_none_says_nothing()
    {
        Assert.Null(SystemProgram.Ask("/nowhere/sysctl", ["-n", "hw.memsize"], Enough));
        Assert.Null(SystemProgram.Ask("/etc/passwd", [], Enough));
        Assert.Null(SystemProgram.Find("no-such-program-of-local-mcp"));
    }

    [Fact]
    public void The_program_has_no_input_to_read_from_us() => Assert.Equal("end\n", SystemProgram.Ask("/bin/sh", ["-c", "cat; echo end"], Enough));

    [Fact]
    public void A_program_that_talks_much_of_errors_does_not_stall() =>
        Assert.Equal("done\n", SystemProgram.Ask("/bin/sh", ["-c", "i=0; while [ $i -lt 3000 ]; do echo an error of some length, again and again and again >&2; i=$((i+1)); done; echo done"], Enough));

    [Fact]
    public void A_program_on_the_path_is_found() => Assert.True(File.Exists(SystemProgram.Find("sh")));
}
