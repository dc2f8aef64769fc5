using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

/// <summary>
/// A file of the project that an answer goes to. It is planned before the model is asked, so that nobody waits for an answer that cannot be written, and what was planned
/// holds when it is written: what has appeared or changed in between is never replaced, and nothing is written through a link.
/// </summary>
internal sealed partial class OutputFile
{
    // NAME_MAX, less the longest ending that is put behind a name: .99.partial
    private const int LongestName = 255 - 11;
    private const UnixFileMode OwnMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode AnyMode = OwnMode | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode WriteBits = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    // Between the last look at a file and its replacement no other answer of this process may come.
    private static readonly Lock Publishing = new();

    private readonly ProjectPath path;

    // What is to be replaced; null where there was nothing.
    private readonly FileStatus? before;

    private OutputFile(ProjectPath path, FileStatus? before) => (this.path, this.before) = (path, before);

    /// <summary>Relative to the root, as it was named.</summary>
    public string Name => path.Name;

    /// <summary>The name, so that it can stand in one line of text.</summary>
    public string Shown => path.Shown;

    /// <summary>Judges a path before an answer to it is made. Nothing is created.</summary>
    /// <param name="path">Relative to a root.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="LocalMcpException">The path is none that may be written, or what is there may not be replaced, or cannot be.</exception>
    public static OutputFile Plan(string path, bool overwrite, Roots roots, HiddenFiles hidden)
    {
        var place = ProjectPath.Of(path, roots, mayBeMissing: true);
        if (path.Split('/')[^1] is "" or ".")
            throw new LocalMcpException($"{ShownText.Of(path)} ends like a folder. Name the file in it: {place.Shown}/answer.md");
        if (hidden.Why(place, writing: true) is { } why)
            throw new LocalMcpException($"{place.Shown} may not be written: it is {why}.");
        if (place.IsLinked)
            throw new LocalMcpException($"{place.Shown} is a link to {ShownText.Of(place.Real)}, or lies behind one, and nothing is written through links. Give the real path: {ShownText.Of(place.Real)}");
        RefuseLongName(place);
        var before = place.Exists ? Replaceable(place, overwrite) : null;
        RefuseReadOnlyFolder(place);
        return new OutputFile(place, before);
    }

    /// <summary>
    /// Makes the file, all of it or nothing: in UTF-8 with the permissions that the user gives new files, or in the encoding, with the byte order mark, the line ends and the
    /// permissions of the file that it replaces. Folders that are missing are made.
    /// </summary>
    /// <param name="text">Not only white space.</param>
    /// <exception cref="LocalMcpException">It was not written, and nothing has changed but for folders that were made. What it says names the cause.</exception>
    public WriteResult Write(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new LocalMcpException($"{path.Shown} was not written: the answer is empty.");
        return InFolder((folder, leaf) =>
        {
            var old = Expected(folder, leaf);
            var form = old is null ? TextForm.New : FormOf(folder, leaf, old);
            var bytes = form.Encode(text);
            using var file = TemporaryFile.Create(folder, old is null ? AnyMode : OwnMode);
            file.Write(bytes);
            if (old is not null)
                file.Resemble(old);
            RefuseMovedFolder(folder);
            lock (Publishing)
            {
                if (old is not null && Expected(folder, leaf) is not null)
                    file.Replace(leaf);
                else if (!file.TryName(leaf))
                    throw Appeared(Unix.Status(folder, leaf));
            }
            return WriteResult.Of(path.Name, text, bytes.Length) with
            {
                Replaced = old?.Size,
                HadOtherNames = old is { Names: > 1 },
                WasEncodedOtherwise = !form.IsKnown,
            };
        });
    }

    /// <summary>Keeps a text that is not to be the file beside it, as <c>name.partial</c>, or <c>name.2.partial</c> and so on where that is there: no file is ever replaced.</summary>
    /// <param name="text">As much as there is, as it is.</param>
    /// <exception cref="LocalMcpException">It was not written. What it says names the cause.</exception>
    public WriteResult KeepPartial(string text) => InFolder((folder, leaf) =>
    {
        var bytes = TextForm.New.Encode(text);
        using var file = TemporaryFile.Create(folder, before is null ? AnyMode : OwnMode);
        file.Write(bytes);
        if (before is not null)
            file.Resemble(before);
        RefuseMovedFolder(folder);
        var ending = PartialEndings.FirstOrDefault(ending => file.TryName(leaf + ending))
            ?? throw new LocalMcpException($"The text for {path.Shown} was not kept: there are {MostPartials} files like {path.Shown}.partial already. Remove what is not needed of them.");
        return WriteResult.Of(path.Name + ending, text, bytes.Length) with { IsPartial = true };
    });

    private WriteResult InFolder(Func<SafeFileHandle, string, WriteResult> write)
    {
        var (folder, leaf) = path.OpenParent(create: true);
        using (folder)
        {
            try
            {
                return write(folder, leaf);
            }
            catch (IOException failure)
            {
                throw WriteFailure.Of(path.Shown, ShownFolder, failure.HResult, failure);
            }
        }
    }
}
