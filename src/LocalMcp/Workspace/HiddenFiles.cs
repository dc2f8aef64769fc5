using LocalMcp.State;

namespace LocalMcp.Workspace;

/// <summary>What may not be read or written although it lies in the project: what the user hides from Claude, and what holds secrets.</summary>
internal sealed class HiddenFiles
{
    private readonly DenyRules rules;
    private readonly SecretFiles secrets;

    private HiddenFiles(DenyRules rules, SecretFiles secrets)
    {
        this.rules = rules;
        this.secrets = secrets;
    }

    /// <summary>Reads the rules anew.</summary>
    /// <exception cref="LocalMcpException">A settings file of Claude Code is there and cannot be understood: then nothing is known to be allowed.</exception>
    public static HiddenFiles Of(Roots roots, UserEnvironment environment, Settings settings) =>
        new(DenyRules.Read(roots, environment, DenyRules.ManagedFolder), new SecretFiles(environment, settings));

    /// <summary>Why a file may not be read, or written; null where it may. A phrase that can follow the file's name.</summary>
    public string? Why(ProjectPath path, bool writing) => Why(path, isFolder: false, writing);

    /// <summary>The same for a folder: nothing in it may be read, or written.</summary>
    public string? WhyFolder(ProjectPath path, bool writing) => Why(path, isFolder: true, writing);

    private string? Why(ProjectPath path, bool isFolder, bool writing) =>
        rules.Why(path, isFolder, writing) ?? secrets.Why(path, isFolder) ?? (writing ? ObeyedFiles.Why(path) : null);
}
