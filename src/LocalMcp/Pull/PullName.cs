using System.Text.RegularExpressions;

namespace LocalMcp.Pull;

/// <summary>Reads what the user wrote: <c>hf:owner/repo</c> with <c>:Q4_K_M</c> or <c>:file.gguf</c>, the address of its page, <c>ollama:name</c>; else a name of the catalog.</summary>
internal static partial class PullName
{
    private const string Form = "Write hf:owner/repo, hf:owner/repo:Q4_K_M or hf:owner/repo:file.gguf.";

    private static readonly string[] HuggingFace = ["hf:", "hf.co/", "huggingface.co/", "https://huggingface.co/", "https://hf.co/", "https://www.huggingface.co/"];

    /// <summary>The source that is meant; null for a bare name, which only the catalog knows.</summary>
    /// <exception cref="LocalMcpException">It begins like a source and is none.</exception>
    public static PullSource? Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith("ollama:", StringComparison.OrdinalIgnoreCase))
            return text[7..].Trim('/') is { Length: > 0 } name ? new PullSource.Ollama(name) : throw new LocalMcpException("Which model of Ollama's is missing. Write ollama:name or ollama:name:tag.");
        return Array.Find(HuggingFace, prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Repository(text, text[found.Length..].TrimStart('/'))
            : null;
    }

    /// <summary>Whether it could be owner and name of a repository.</summary>
    public static bool IsRepository(string text) => text.Split('/') is [var owner, var name] && IsName(owner) && IsName(name);

    private static PullSource.HuggingFace Repository(string text, string rest)
    {
        var (path, wanted) = Cut(rest.Split('?', 2)[0].TrimEnd('/'), ':');
        if (path.Split('/', 3) is not [var owner, var name, .. var more] || !IsName(owner) || !IsName(name))
            throw new LocalMcpException($"\"{text}\" names no repository of Hugging Face. {Form}");
        if (more is not [var below])
            return new PullSource.HuggingFace(owner, name, wanted);
        if (wanted.Length > 0)
            throw new LocalMcpException($"\"{text}\" names a file twice. {Form}");
        // The address of a page or of a file, as a browser shows it.
        return below.Split('/', 3) is ["blob" or "resolve" or "tree", var revision, .. var file]
            ? new PullSource.HuggingFace(owner, name, Uri.UnescapeDataString(string.Concat(file)), Uri.UnescapeDataString(revision))
            : new PullSource.HuggingFace(owner, name, below);
    }

    private static (string Before, string After) Cut(string text, char at) => text.IndexOf(at) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : (text, "");

    private static bool IsName(string name) => Name().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    // huggingface_hub/utils/_validators.py: letters, digits, - _ and ., neither - nor . at the ends, 96 characters at most.
    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$")]
    private static partial Regex Name();
}
