namespace LocalMcp.Doctor;

/// <summary>Which version this is, and whether it runs without anything else of .NET.</summary>
internal static class ProgramCheck
{
    private const string Install = "./install.sh installs one that needs neither SDK nor runtime, where the package feed has the runtime for this machine.";

    public static Check Of(string title, string version, RunningProgram program)
    {
        var what = $"{version}, {program.Path ?? "started from an unknown place"}";
        if (Path.GetFileName(program.Path) is "dotnet")
            return Check.Note(title, $"{what}, so it runs through the dotnet host and is slow to start", Install);
        return program.SharedRuntime.Length == 0
            ? Check.Good(title, $"{what}, with its own {program.Framework}: no SDK and no runtime needed")
            : Check.Note(title, $"{what}, on the installed {program.Framework}: slower to start, and gone with that runtime", Install);
    }
}
