using LocalMcp.Doctor;
using LocalMcp.Machine;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Doctor;

public sealed class ProgramCheckTests : IDisposable
{
    private readonly DoctorHome home = new();

    [Fact]
    public void A_program_with_its_own_runtime_is_good()
    {
        var check = ProgramCheck.Of("version", "1.2.3", home.Program);
        Assert.Equal((Verdict.Good, null), (check.Verdict, check.NextStep));
        Assert.StartsWith($"1.2.3, {home.Program.Path}, with its own .NET 10", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_on_a_shared_runtime_or_through_the_dotnet_host_is_slower_and_says_what_to_do()
    {
        var shared = home.Program with { SharedRuntime = "/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0/Microsoft.NETCore.App.deps.json" };
        Assert.Contains("on the installed .NET 10", Note(shared).Finding, StringComparison.Ordinal);
        Assert.Contains("through the dotnet host", Note(shared with { Path = "/usr/share/dotnet/dotnet" }).Finding, StringComparison.Ordinal);

        static Check Note(RunningProgram program)
        {
            var check = ProgramCheck.Of("version", "1", program);
            Assert.Equal(Verdict.Note, check.Verdict);
            Assert.Contains("install.sh", check.NextStep, StringComparison.Ordinal);
            return check;
        }
    }

    [Fact]
    public void These_tests_run_on_the_runtime_of_the_SDK() => Assert.NotEmpty(RunningProgram.Current.SharedRuntime);

    [Fact]
    public void The_installed_link_leads_to_the_program_and_is_what_others_should_start()
    {
        Assert.True(home.Program.IsAt(home.Installed));
        Assert.False(home.Program.IsAt(Path.Combine(home.Bin, "claude")));
        Assert.Equal(home.Installed, home.Program.Command(home.Home.Environment(("PATH", home.Bin))));
        Assert.Equal(home.Program.Path, home.Program.Command(home.Home.Environment(("PATH", "/nowhere"))));
    }

    [Fact]
    public void A_config_folder_that_cannot_be_made_is_bad_and_one_that_can_is_left_empty()
    {
        var checks = new HomeChecks(home.Home.Environment(), new SettingsFile(home.Home.Environment()));
        Assert.Equal(Verdict.Good, checks.ConfigFolder("config folder").Verdict);
        Assert.Empty(Directory.GetFileSystemEntries(home.Home.ConfigFolder));
        var taken = home.Home.Environment(("XDG_CONFIG_HOME", home.Installed));
        var check = new HomeChecks(taken, new SettingsFile(taken)).ConfigFolder("config folder");
        Assert.Equal(Verdict.Bad, check.Verdict);
        Assert.Contains("XDG_CONFIG_HOME", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_is_told_in_numbers_and_what_is_not_known_is_not_guessed()
    {
        Assert.Equal("a processor of unknown name, 34.4 GB of memory, no GPU; 8.6 GB available, 8 physical cores", MachineCheck.Of("machine", new MachineProfile(34_359_738_368, 8_589_934_592, 8)).Finding);
        Assert.Equal("a processor of unknown name, memory of an unknown size, no GPU; how much is available is not known, physical cores not known", MachineCheck.Of("machine", new MachineProfile(null, null, null)).Finding);
    }

    public void Dispose() => home.Dispose();
}
