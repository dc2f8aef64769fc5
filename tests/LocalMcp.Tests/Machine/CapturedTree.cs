using LocalMcp.Machine;

namespace LocalMcp.Tests.Machine;

/// <summary>A folder with files of /proc and /sys as a machine had them, removed at its end.</summary>
internal sealed class CapturedTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("lmt-tree-").FullName;

    public CapturedTree With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.WriteAllText(Root + path, text);
        return this;
    }

    public MachineProfile Read(params GraphicsCard[] nvidia) => new LinuxMachine(Root).Read(nvidia);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
