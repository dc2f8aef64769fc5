using System.Globalization;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Models;

namespace LocalMcp.Chat;

/// <summary>
/// Refuses what cannot fit before it is sent: a server can spend minutes on counting the tokens of megabytes only to refuse them. What
/// might fit is left to the backend, which counts.
/// </summary>
internal static class PromptSize
{
    // Text has some 4 bytes a token. No tokenizer averages 64 over a whole prompt.
    private const int MostBytesPerToken = 64;

    /// <exception cref="BackendException">The prompt is too long for the context that the model is served with.</exception>
    public static void Check(ChatRequest request, ModelFacts model)
    {
        if (model.ContextLength is not { } context)
            return;
        var bytes = (long)Encoding.UTF8.GetByteCount(request.Prompt) + Encoding.UTF8.GetByteCount(request.System);
        if (bytes > (long)context * MostBytesPerToken)
            throw new BackendException(BackendFailure.Refused, string.Create(CultureInfo.InvariantCulture, $"The prompt has {bytes:N0} bytes, and this model is served with a context of {context:N0} tokens by {model.Backend}: no text of that length fits. Send less, or raise the context length."));
    }
}
