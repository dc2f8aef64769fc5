using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

/// <summary>One call's way from references to quoted files: what they mean, what the patterns match, what is in the files.</summary>
internal sealed class FileCall(IReadOnlyList<string> references, Roots roots, HiddenFiles hidden, int largestMib, CancellationToken cancellationToken)
{
    /// <summary>The most files of one call. Their names and fences alone are some 20,000 tokens, more than most local models are served with.</summary>
    public const int MostFiles = 1_000;

    /// <summary>The most that one call reads of all its files, in bytes: as much as the largest file that can be allowed. No model has a context for a tenth of it.</summary>
    public const long MostBytes = 64 * Mib;

    private const int Mib = 1024 * 1024;
    private const int MostLargest = 5;

    // Each takes up to three walks to explain.
    private const int MostExplained = 3;

    private readonly WantedFiles wanted = new(roots);
    private readonly Refusals refusals = new();
    private readonly SortedDictionary<string, string> leftOut = new(StringComparer.Ordinal);
    private long bytesRead;

    /// <summary>The files, or one error for all that is wrong.</summary>
    /// <exception cref="LocalMcpException">Something that was named cannot be read, nothing remains, or it is too much.</exception>
    public FileSet Read()
    {
        var globs = Resolve();
        var ignored = Search(globs);
        if (wanted.Count > MostFiles)
            throw TooMany(globs);
        List<QuotedFile> quoted = [];
        foreach (var file in wanted.ByName)
        {
            cancellationToken.ThrowIfCancellationRequested();
            quoted.AddRange(Quote(file));
        }
        if (refusals.Any)
            throw refusals.Error(references);
        var names = LeftOut(ignored);
        return quoted.Count > 0 ? new FileSet(quoted, names) : throw new LocalMcpException($"Nothing was sent to the model: all that {Patterns(globs)} matches is left out.\n{string.Join('\n', names.Select(name => $"- {name}"))}\nName files that may be read.");
    }

    private List<FileGlob> Resolve()
    {
        List<FileGlob> globs = [];
        List<string> missing = [];
        foreach (var reference in references.Distinct())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var meant = FileReference.Of(reference, roots);
                globs.AddRange(meant.Globs);
                if (meant.IsMissing)
                    missing.Add(reference);
                else if (meant.Path is { } path)
                    Want(path, reference, meant.Lines);
            }
            catch (LocalMcpException unusable)
            {
                refusals.Add(reference, unusable);
            }
        }
        if (missing.Count > 0)
            RefuseMissing(missing);
        return globs;
    }

    private void Want(ProjectPath path, string reference, LineRange? lines)
    {
        if (hidden.Why(path, writing: false) is { } why)
            refusals.Add(reference, why);
        else
            wanted.AddNamed(path, reference, lines);
    }

    private void RefuseMissing(List<string> missing)
    {
        var near = new NearbyFiles(roots, hidden, cancellationToken).OfMissing(missing);
        foreach (var reference in missing)
            refusals.Add(reference, near[reference]);
    }

    // How many files .gitignore kept out.
    private int Search(List<FileGlob> globs)
    {
        if (globs.Count == 0)
            return 0;
        var walk = new FileWalk(roots, cancellationToken).Find(globs);
        if (walk.IsCut)
            throw new LocalMcpException(Text($"Nothing was sent to the model: {Patterns(globs)} would look through more than {FileWalk.MostNames:N0} names in {string.Join(", ", roots.Folders)}; {walk.Found.Count:N0} files matched by then. Begin the pattern with a folder, like src/**/*.cs, or name what is built in .gitignore."));
        foreach (var folder in walk.Unreadable)
            leftOut[folder.Name + "/"] = "the folder cannot be looked into";
        // Folder by folder: of one that is hidden as a whole, the files are not named.
        foreach (var folder in walk.Found.GroupBy(file => file with { Name = file.Name[..Math.Max(file.Name.LastIndexOf('/'), 0)] }))
        {
            if (folder.Key.Name.Length == 0 || !IsHidden(folder.Key))
                Match(folder);
        }
        RefuseUnmatched(globs, walk);
        return walk.Ignored;
    }

    private bool IsHidden(FileWalk.FoundFile folder)
    {
        try
        {
            if (hidden.WhyFolder(ProjectPath.Of(folder.Name, roots.From(folder.Root)), writing: false) is not { } why)
                return false;
            leftOut[folder.Name + "/"] = why;
            return true;
        }
        catch (LocalMcpException)
        {
            // Each of its files has the same to say.
            return false;
        }
    }

    private void Match(IEnumerable<FileWalk.FoundFile> files)
    {
        foreach (var (root, name) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var path = ProjectPath.Of(name, roots);
                if (path.Start != root)
                    leftOut[$"{root}/{name}"] = "a file of the same name in another root goes before it";
                else if (hidden.Why(path, writing: false) is { } why)
                    leftOut[name] = why;
                else
                    wanted.AddMatched(path);
            }
            catch (LocalMcpException unusable)
            {
                leftOut[name] = Phrase(name, unusable);
            }
        }
    }

    private void RefuseUnmatched(List<FileGlob> globs, FileWalk walk)
    {
        var near = new NearbyFiles(roots, hidden, cancellationToken);
        foreach (var (index, reference) in globs.Select(glob => glob.Reference).Distinct().Where(reference => !walk.HasFound(reference)).Index())
            refusals.Add(reference, index < MostExplained ? near.OfPattern(reference, walk) : "no file matches");
    }

    private IEnumerable<QuotedFile> Quote(WantedFile file)
    {
        if (TextOf(file) is not { } text)
            return [];
        if (bytesRead > MostBytes)
            throw TooMuch();
        var name = ShownText.Of(file.Name);
        var lines = file.Ranges.Any() ? FileQuote.Lines(text) : [];
        foreach (var (reference, range) in file.Asked)
        {
            if (range?.Wrong(lines.Count) is { } wrong)
                refusals.Add(reference, wrong);
        }
        if (refusals.Any)
            return [];
        if (file.IsWhole)
            return [file.Ranges.Any() ? FileQuote.Numbered(name, text) : FileQuote.Whole(name, text)];
        return LineRange.Merge(file.Ranges, lines.Count).Select(range => FileQuote.Of(name, lines, range));
    }

    // Null when it was refused or left out.
    private string? TextOf(WantedFile file)
    {
        try
        {
            var read = Read(file.Path);
            if (read.Text is null)
                Refuse(file, reference => refusals.Add(reference, read.Else), read.Else);
            return read.Text;
        }
        catch (LocalMcpException unusable)
        {
            Refuse(file, reference => refusals.Add(reference, unusable), Phrase(file.Path.Name, unusable));
            return null;
        }
    }

    private FileText Read(ProjectPath path)
    {
        using var file = path.OpenToRead();
        try
        {
            if (FileBytes.Read(file, largestMib * Mib, cancellationToken) is not { } bytes)
                return new FileText(null, TooLarge(file));
            bytesRead += bytes.Length;
            return FileText.Of(bytes);
        }
        catch (IOException failure)
        {
            return new FileText(null, $"the disk does not give it ({failure.Message.TrimEnd('.')})");
        }
    }

    // Who named a file wants it; what a pattern matched beside others can be done without.
    private void Refuse(WantedFile file, Action<string> refuse, string phrase)
    {
        file.Asked.ForEach(asked => refuse(asked.Reference));
        if (file.Asked.Count == 0)
            leftOut[file.Name] = phrase;
    }

    private string TooLarge(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file) is var length && length > largestMib * Mib ? $"it has {FileBytes.Size(length)}" : "it grows while it is read";
        return $"{size}, and files of more than {largestMib} MiB are not read; files.largest_mib in settings.json says how much";
    }

    private LocalMcpException TooMuch()
    {
        var largest = wanted.ByName.Select(file => (Shown: ShownText.Of(file.Name), Size: SizeOf(file.Path))).OrderByDescending(file => file.Size).Take(MostLargest);
        return new LocalMcpException($"Nothing was sent to the model: the {Text($"{wanted.Count:N0}")} files have more than {FileBytes.Size(MostBytes)} together, the most that one call reads. The largest are {string.Join(", ", largest.Select(file => $"{file.Shown} ({FileBytes.Size(file.Size)})"))}. Leave some out; of large files name the lines that matter, and few of these in one call.");
    }

    private static long SizeOf(ProjectPath path) => new FileInfo($"{path.Root}/{path.Real}") is { Exists: true } file ? file.Length : 0;

    private LocalMcpException TooMany(List<FileGlob> globs) => new(globs.Count > 0
        ? Text($"Nothing was sent to the model: {Patterns(globs)} and what else is named are {wanted.Count:N0} files, and one call reads {MostFiles:N0} at most. Begin the pattern further down, name an extension (src/**/*.cs), or ask in several calls.")
        : Text($"Nothing was sent to the model: {wanted.Count:N0} files are named, and one call reads {MostFiles:N0} at most. Ask in several calls."));

    private IReadOnlyList<string> LeftOut(int ignored)
    {
        var names = leftOut.Select(entry => $"{ShownText.Of(entry.Key)} ({entry.Value})");
        return [.. Refusals.Few([.. names]), .. ignored > 0 ? [Text($"{ignored:N0} that .gitignore names")] : Array.Empty<string>()];
    }

    // "a.sock is a pipe. Name …" as it can stand in brackets behind the name.
    private static string Phrase(string name, LocalMcpException sentence)
    {
        var shown = ShownText.Of(name) + " ";
        var text = sentence.Message.StartsWith(shown, StringComparison.Ordinal) ? sentence.Message[shown.Length..] : sentence.Message;
        return text.IndexOf(". ", StringComparison.Ordinal) is var end and >= 0 ? text[..end] : text.TrimEnd('.');
    }

    private static string Patterns(List<FileGlob> globs) => string.Join(", ", Refusals.Few([.. globs.Select(glob => glob.Reference).Distinct().Select(Refusals.Shown)]));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
