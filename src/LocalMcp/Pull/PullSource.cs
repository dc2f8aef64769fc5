namespace LocalMcp.Pull;

/// <summary>Where a model comes from.</summary>
internal abstract record PullSource
{
    /// <summary>A repository of Hugging Face.</summary>
    /// <param name="Wanted">A quantization (Q4_K_M), a file of the repository, or empty for the usual choice.</param>
    /// <param name="Revision">A branch, a tag or a commit.</param>
    internal sealed record HuggingFace(string Owner, string Repository, string Wanted = "", string Revision = "main") : PullSource
    {
        public string Id => $"{Owner}/{Repository}";
    }

    /// <summary>A model of Ollama's library, pulled by the user's Ollama.</summary>
    internal sealed record Ollama(string Name) : PullSource;
}
