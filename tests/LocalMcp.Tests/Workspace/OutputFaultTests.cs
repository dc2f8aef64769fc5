using System.Diagnostics;
using System.Runtime.CompilerServices;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

/// <summary>
/// Disks that are full, or may not be written to. A test makes such a place for one process, this program again, which runs the same test there. Where nobody may mount a disk
/// of his own, what needs one is skipped; a limit on the size of files can be had everywhere.
/// </summary>
public class OutputFaultTests
{
    private const string Variable = "LOCAL_MCP_TEST_PLACE";

    // More than the disk and the limit of a test allow.
    private static readonly string TooMuch = new('x', 4 * 1024 * 1024);

    // The place that was made for this process; null where none was.
    private static readonly string? Place = Environment.GetEnvironmentVariable(Variable);

    [Fact]
    public Task A_full_disk_is_named_and_nothing_is_left_on_it() => InPlaceAsync(Mounted("-o size=1m"), () => FailsWith("the disk is full. Make room on it, and try again."));

    [Fact]
    public Task A_file_that_may_not_grow_so_large_is_named() => InPlaceAsync(
        ["-c", "ulimit -f 2048; exec \"$@\"", "sh"],
        () => FailsWith("the file would be larger than the file system, or this process's limit for files (ulimit -f), allows. Raise the limit, or ask for less."));

    [Fact]
    public Task A_disk_without_room_for_another_file_is_named() => InPlaceAsync(Mounted("-o nr_inodes=6"), () =>
    {
        // The disk itself, two folders and these files are five. The sixth is the answer's: its second name is too much, which counts as one here.
        var home = new OutputHome(Place);
        var file = home.Plan("b");
        home.Put("a1");
        home.Put("a2");
        Assert.Equal("b was not written: the disk is full. Make room on it, and try again.", home.Failure(() => file.Write("new\n")));
        File.Delete(home.At("a1"));
        file.Write("new\n");
        Assert.Equal(["a2", "b"], home.Names());
    });

    [Fact]
    public Task A_disk_that_is_mounted_read_only_is_refused_before_the_model_is_asked() => InPlaceAsync(Mounted("-o ro"), () =>
    {
        var roots = new Roots([Place!]);
        var refusal = Assert.Throws<LocalMcpException>(() => OutputFile.Plan("a/b", overwrite: false, roots, HiddenFiles.Of(roots, new(_ => null), new())));
        Assert.Equal("a/b was not written: the file system is mounted read-only. Give a path on another one.", refusal.Message);
    });

    private static void FailsWith(string cause)
    {
        var home = new OutputHome(Place);
        home.Put("old");
        var (fresh, old) = (home.Plan("src/new"), home.Plan("old", overwrite: true));
        Assert.Equal($"src/new was not written: {cause}", home.Failure(() => fresh.Write(TooMuch)));
        Assert.Equal($"old was not written: {cause}", home.Failure(() => old.Write(TooMuch)));
        Assert.Equal($"src/new was not written: {cause}", home.Failure(() => fresh.KeepPartial(TooMuch)));
        fresh.Write("new\n");
        old.Write("newer\n");
        Assert.Equal(["old", "src/new"], home.Names());
    }

    private static string[] Mounted(string options) =>
        ["-c", "exec unshare --user --map-root-user --mount /bin/sh -c \"$0\" sh \"$@\"", $"mount -t tmpfs {options} tmpfs \"${Variable}\" || exit 99; exec \"$@\""];

    // Runs the test in its place, or has a process run it there, below this shell.
    private static async Task InPlaceAsync(string[] shell, Action test, [CallerMemberName] string name = "")
    {
        if (Place is null)
            await RunAsync(shell, name);
        else
            test();
    }

    private static async Task RunAsync(string[] shell, string name)
    {
        var place = Directory.CreateTempSubdirectory("lmt-");
        var program = Path.ChangeExtension(typeof(OutputFaultTests).Assembly.Location, null);
        var start = new ProcessStartInfo("/bin/sh", [.. shell, program, "--no-progress", "--no-ansi", "--filter-method", $"*.{name}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = Unix.RealPath(place.FullName);
        // The runtime's own memory for code is a large file, where it must not be writable and executable at once.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        place.Delete(recursive: true);
        Assert.SkipWhen(process.ExitCode == 99 || output.Length == 0, $"Here nobody may mount a disk: {await errors}");
        Assert.True(process.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), output + await errors);
    }
}
