using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

// Opening: from the root down, folder by folder, and through no link. What was judged is what is opened.
internal sealed partial record ProjectPath
{
    // errno.h, the same on Linux and macOS.
    private const int NoSuchDevice = 6;
    private const int Denied = 13;

    /// <summary>Opens the folder that the file is in, or would be in.</summary>
    /// <param name="create">Whether folders that are missing are made.</param>
    /// <returns>The open folder, which is the caller's to close, and the file's name in it.</returns>
    /// <exception cref="LocalMcpException">A folder is missing, may not be opened, or has become a link since the path was judged.</exception>
    public (SafeFileHandle Folder, string Leaf) OpenParent(bool create = false)
    {
        if (Real.Length == 0)
            throw new LocalMcpException($"{Shown} leads to the project's folder itself. Name a file in it.");
        var parts = Real.Split('/');
        var folder = OpenRoot();
        foreach (var part in parts[..^1])
        {
            using var above = folder;
            folder = OpenFolder(above, part, create);
        }
        return (folder, parts[^1]);
    }

    /// <summary>Opens the file for reading.</summary>
    /// <exception cref="LocalMcpException">It is missing, may not be read, is no regular file, or something on the way to it has become a link since the path was judged.</exception>
    public SafeFileHandle OpenToRead()
    {
        var (folder, leaf) = OpenParent();
        using (folder)
        {
            // Looking first: to open a device can already do something.
            if (Unix.Kind(folder, leaf) is var kind and (FileKind.Folder or FileKind.Link or FileKind.Special))
                throw NoFile(kind);
            var (file, error) = Unix.OpenToRead(folder, leaf);
            if (file is null)
                throw Failure(error, Unix.Kind(folder, leaf));
            if (Unix.Kind(file) is var opened and not FileKind.Regular)
            {
                file.Dispose();
                throw NoFile(opened);
            }
            return file;
        }
    }

    private SafeFileHandle OpenRoot()
    {
        var (folder, error) = Unix.OpenFolder(Root);
        return folder ?? throw new LocalMcpException(error switch
        {
            Unix.Error.Missing => $"{Shown} was not opened: the project's folder {Root} is not there any more.",
            Denied or Unix.Error.NotPermitted => $"{Shown} was not opened: the project's folder {Root} may not be read by this user.",
            _ when error == Unix.Error.Link || error == Unix.Error.NoFolder => $"{Shown} was not opened: the project's folder {Root} has become a link, or a file, since the path was checked. Look at who changes it.",
            _ => $"{Shown} was not opened: {Unix.Words(error)} ({Root}).",
        });
    }

    private SafeFileHandle OpenFolder(SafeFileHandle above, string name, bool create)
    {
        var (folder, error) = Unix.OpenFolder(above, name);
        if (folder is null && error == Unix.Error.Missing && create && Unix.CreateFolder(above, name) is 0 or Unix.Error.Exists)
            (folder, error) = Unix.OpenFolder(above, name);
        if (folder is not null)
            return folder;
        var shown = ShownText.Of(name);
        throw new LocalMcpException(error switch
        {
            Unix.Error.Missing => $"{Shown} was not opened: there is no folder {shown}.",
            Denied or Unix.Error.NotPermitted => $"{Shown} was not opened: the folder {shown} may not be {(create ? "used" : "read")} by this user. Change its permissions, or leave the file out.",
            _ when Unix.Kind(above, name) == FileKind.Link => $"{Shown} was not opened: {shown} has become a link since the path was checked. Look at who changes it, and try again.",
            _ when error == Unix.Error.NoFolder => $"{Shown} was not opened: {shown} is no folder any more. Try again.",
            _ => $"{Shown} was not opened: {Unix.Words(error)} ({shown}).",
        });
    }

    private LocalMcpException NoFile(FileKind kind) => new(kind switch
    {
        FileKind.Folder => $"{Shown} is a folder. Name files in it, or a pattern like {Shown}/**.",
        FileKind.Link => $"{Shown} has become a link since it was checked, and was not opened. Look at who changes it, and try again.",
        _ => $"{Shown} is a pipe, a socket or a device, and only regular files are read.",
    });

    private LocalMcpException Failure(int error, FileKind kind) => error switch
    {
        Unix.Error.Missing => new($"{Shown} is not there any more. Look for the right name."),
        Denied or Unix.Error.NotPermitted => new($"{Shown} may not be read by this user. Change its permissions, or leave it out."),
        NoSuchDevice => NoFile(FileKind.Special),
        _ when error == Unix.Error.Link || kind == FileKind.Link => NoFile(FileKind.Link),
        _ => new($"{Shown} was not opened: {Unix.Words(error)}."),
    };
}
