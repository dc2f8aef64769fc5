using System.Globalization;
using LocalMcp.Chat;
using LocalMcp.Models;

namespace LocalMcp.Backends;

/// <summary>Something that runs models on this machine, or on a host that the user named.</summary>
internal interface IBackend
{
    /// <summary>Its name in lists and in the active model: ollama, engine, lmstudio, llama-server:8131 … No slashes, no spaces.</summary>
    string Name { get; }

    /// <summary>Where it is, for errors: a URL, or the program.</summary>
    string Where { get; }

    /// <summary>How its user has it serve a model with a context of so many tokens, as a clause: <c>start it with …</c></summary>
    string MoreContext(int tokens) => string.Format(CultureInfo.InvariantCulture, ServerKind.OpenAi.MoreContext, tokens);

    /// <summary>The models that it has and that can chat.</summary>
    /// <exception cref="BackendException">It cannot be asked.</exception>
    Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The answer, as it comes: any number of Progress, Counted, Text and Reasoning, then one Finish. One chat upstream; before it some small questions where the prompt
    /// is long and has to be counted.
    /// Ending the enumeration early ends the request.
    /// </summary>
    /// <exception cref="BackendException">It failed, before or in the middle of the answer. Never a success without Finish.</exception>
    IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, CancellationToken cancellationToken);
}
