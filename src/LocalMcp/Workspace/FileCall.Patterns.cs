namespace LocalMcp.Workspace;

// What patterns match. Nobody named these files one by one, so what may not be read is left out and named.
internal sealed partial class FileCall
{
    // Each takes up to three walks to explain.
    private const int MostExplained = 3;

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

    private bool IsHidden(FoundFile folder)
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

    private void Match(IEnumerable<FoundFile> files)
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
}
