using System.Globalization;

namespace LocalMcp.Workspace;

/// <summary>One call's way from references to quoted files: what they mean, what the patterns match, what is in the files.</summary>
internal sealed partial class FileCall(IReadOnlyList<string> references, Roots roots, HiddenFiles hidden, int largestMib, CancellationToken cancellationToken)
{
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

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
