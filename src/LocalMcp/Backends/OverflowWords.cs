using System.Globalization;
using System.Text.RegularExpressions;
using LocalMcp.Chat.Budget;

namespace LocalMcp.Backends;

/// <summary>Recognises in a server's own sentence that the prompt was too long, and its numbers where it says them.</summary>
internal static partial class OverflowWords
{
    /// <summary>Null for a sentence about anything else.</summary>
    public static Overflow? In(string words)
    {
        foreach (var sentence in new[] { LlamaServer(), Vllm(), VllmOlder(), VllmDecoder(), LmStudio(), LmStudioKept(), Omlx(), Sglang(), OpenAi() })
        {
            if (sentence.Match(words) is { Success: true } match && Number(match, "prompt") is { } prompt && Number(match, "context") is { } context)
                return prompt < context ? null : new Overflow(TokenCount.Exact(prompt), context);
        }
        return WithoutNumbers().IsMatch(words) ? new Overflow(null, null) : null;
    }

    private static int? Number(Match match, string name) => int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // llama.cpp: tools/server; Ollama hands it on.
    [GeneratedRegex(@"request \((?<prompt>\d+) tokens\) exceeds the available context size \((?<context>\d+) tokens\)", RegexOptions.IgnoreCase)]
    private static partial Regex LlamaServer();

    // Where the answer's max_tokens are what is too many, the prompt is smaller than the context.
    [GeneratedRegex(@"maximum context length is (?<context>\d+) tokens\. However, (you requested \d+ output tokens and )?your (request|prompt) (has|contains) (at least )?(?<prompt>\d+) input tokens", RegexOptions.IgnoreCase)]
    private static partial Regex Vllm();

    [GeneratedRegex(@"maximum context length is (?<context>\d+) tokens\. However, you requested \d+ tokens \((?<prompt>\d+) in the messages", RegexOptions.IgnoreCase)]
    private static partial Regex VllmOlder();

    [GeneratedRegex(@"prompt \(length (?<prompt>\d+)\) is longer than the maximum model length of (?<context>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex VllmDecoder();

    [GeneratedRegex(@"keep the first (?<prompt>\d+) tokens when.*context length of only (?<context>\d+) tokens", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex LmStudio();

    // Other engines and versions of it name their own variables: how much is kept of a prompt that is cut, which is all of it.
    [GeneratedRegex(@"n_keep:? ?\(?(?<prompt>\d+)\)? ?>= ?n_ctx:? ?\(?(?<context>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex LmStudioKept();

    [GeneratedRegex(@"\((?<prompt>\d+) tokens\) (is longer than the model's context length|exceeds the maximum allowed length) \((?<context>\d+) tokens\)", RegexOptions.IgnoreCase)]
    private static partial Regex Sglang();

    [GeneratedRegex(@"maximum context length is (?<context>\d+) tokens\. However, your messages resulted in (?<prompt>\d+) tokens", RegexOptions.IgnoreCase)]
    private static partial Regex OpenAi();

    [GeneratedRegex(@"prompt too long: (?<prompt>\d+) tokens exceeds max context window of (?<context>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Omlx();

    // Ollama's rendered path, llama-server before its typed error, LM Studio (with its variables left out, and MLX), and Ollama's embeddings.
    [GeneratedRegex(@"prompt is longer than the context length|tokens to keep from the initial prompt is greater than the context length|exceeds the available context size|context size has been exceeded|input (length )?exceeds (the )?(maximum )?context", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutNumbers();
}
