namespace LocalMcp.Doctor;

/// <summary>Whether /switch-model is there, and is the one of this version.</summary>
/// <param name="ours">The one that came with this program; it need not be there.</param>
internal sealed class SlashCommandCheck(ClaudeCode claude, string ours)
{
    private const string FileName = "switch-model.md";

    public Check Look(string title)
    {
        var installed = Path.Combine(claude.Environment.ClaudeFolder, "commands", FileName);
        var here = claude.Roots.Select(folder => Path.Combine(folder, ".claude", "commands", FileName)).Prepend(installed).FirstOrDefault(File.Exists);
        if (here is null)
            return Check.Note(title, $"/switch-model is not there ({installed})", File.Exists(ours) ? $"Run `mkdir -p {Shell.Quoted(Path.GetDirectoryName(installed)!)} && cp {Shell.Quoted(ours)} {Shell.Quoted(installed)}`." : "Run ./install.sh, which installs it.");
        var where = here == installed ? $"/switch-model ({here})" : $"/switch-model, in this project only ({here})";
        if (!File.Exists(ours))
            return Check.Good(title, where);
        return File.ReadAllBytes(here).AsSpan().SequenceEqual(File.ReadAllBytes(ours))
            ? Check.Good(title, $"{where}, as it came with this version")
            : Check.Note(title, $"{where}, changed by you or of another version", $"Nothing, if you changed it. Otherwise: `cp {Shell.Quoted(ours)} {Shell.Quoted(here)}`.");
    }
}
