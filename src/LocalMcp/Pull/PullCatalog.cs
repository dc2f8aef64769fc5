using LocalMcp.Models.Gguf;

namespace LocalMcp.Pull;

/// <summary>What pull asks the catalog of models. As it stands it knows none.</summary>
internal sealed record PullCatalog
{
    /// <summary>Where a model of the catalog comes from; null when it has none of this name.</summary>
    public Func<string, PullSource?> Find { get; init; } = _ => null;

    /// <summary>The names of the catalog.</summary>
    public Func<IEnumerable<string>> Names { get; init; } = () => [];

    /// <summary>The models of Ollama's library that the catalog names: <c>qwen2.5-coder:7b</c>.</summary>
    public Func<IEnumerable<string>> OllamaNames { get; init; } = () => [];

    /// <summary>Why a model of Ollama's library would not run on this machine, as a sentence; null when it would, or when the catalog does not know it.</summary>
    public Func<string, string?> OllamaObjection { get; init; } = _ => null;

    /// <summary>The repositories of Hugging Face that the catalog names: <c>owner/repo</c>.</summary>
    public Func<IEnumerable<string>> Repositories { get; init; } = () => [];
}

/// <summary>Says why a model would not run on this machine, as a sentence with numbers; null when it would, or that cannot be said.</summary>
/// <param name="header">The header of the model, or of its first part.</param>
/// <param name="bytes">The size of all its parts, in bytes.</param>
internal delegate string? PullFit(GgufHeader header, long bytes);
