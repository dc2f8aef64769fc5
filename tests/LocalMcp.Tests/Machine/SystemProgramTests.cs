using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

public sealed class SystemProgramTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [Fact]
    public void Says_what_the_program_prints_whatever_it_thinks_of_it() =>
        Assert.Equal("a 1.5\n", SystemProgram.Ask("/bin/sh", ["-c", "echo a 1.5; echo no >&2; exit 9"], Enough));

    [Fact]
    public void A_program_that_hangs_is_ended_with_its_children_and_says_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("lmt-hang-").FullName;
        var started = Path.Combine(folder, "started");
        try
        {
            Assert.Null(SystemProgram.Ask("/bin/sh", ["-c", $"echo early; : > '{started}'; sleep 1000 & wait"], TimeSpan.FromMilliseconds(500)));
            Assert.Null(SystemProgram.Ask("/bin/sh", ["-c", "exec sleep 1000"], TimeSpan.Zero));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
