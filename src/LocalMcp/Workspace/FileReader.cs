using System.Globalization;
using LocalMcp.State;

namespace LocalMcp.Workspace;

/// <summary>
/// Reads the files that a question names: paths, lines of files, patterns. All or nothing: a named file that cannot be read is an error for the whole call, and names them all;
/// what only a pattern matches and may not be read is left out, and named in the result.
/// </summary>
internal sealed class FileReader(UserEnvironment environment, SettingsFile settings)
{
    /// <summary>The most references of one call: one for each file that can be read, and as many again for further ranges, ten times over.</summary>
    public const int MostReferences = 10_000;

    /// <summary>The files of a call, quoted, in the order of their names. The same files make the same text, in whatever order and by whatever pattern they were asked for.</summary>
    /// <exception cref="LocalMcpException">Something that is named cannot be read, or it is too much; nothing was read then. Or the settings, or Claude Code's, are not valid.</exception>
    public FileSet Read(IReadOnlyList<string> references, Roots roots, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
            return FileSet.None;
        if (references.Count > MostReferences)
            throw new LocalMcpException(string.Create(CultureInfo.InvariantCulture, $"Nothing was sent to the model: {references.Count:N0} references to files are too many; {MostReferences:N0} are the most. Use patterns like src/**/*.cs, or ask in several calls."));
        var valid = settings.Read();
        return new FileCall(references, roots, HiddenFiles.Of(roots, environment, valid), valid.Files.LargestMib, cancellationToken).Read();
    }
}
