namespace LocalMcp.Launch;

/// <summary>Where a model is served, as a client has to be told.</summary>
/// <param name="Name">How it is called: the backend's name in lists.</param>
/// <param name="Url">Its root, without <c>/v1</c>.</param>
/// <param name="Key">A secret; empty where the server wants none.</param>
/// <param name="Model">The name by which the server knows the model.</param>
/// <param name="Context">Tokens that an answer and its prompt may have together; null where nobody says.</param>
/// <param name="IsOllama">Whether it is Ollama, for which some clients have a way of their own.</param>
internal sealed record LocalServer(string Name, Uri Url, string Key, string Model, int? Context, bool IsOllama)
{
    private const int MostOutput = 8_192;
    private const int LeastOutput = 1_024;

    // Most clients refuse to be without one, and so does LM Studio; none of the servers without a key looks at it.
    private const string AnyKey = "local";

    /// <summary>Without the slash at its end.</summary>
    public string Root => Url.ToString().TrimEnd('/');

    /// <summary>Base of the OpenAI-compatible API.</summary>
    public string OpenAi => $"{Root}/v1";

    /// <summary>What a client sends as its key: never empty.</summary>
    public string Sent => Key.Length > 0 ? Key : AnyKey;

    /// <summary>Tokens that one answer may have: an eighth of the context, 1,024 to 8,192; 4,096 where the context is not known.</summary>
    public int Output => Context is { } context ? Math.Clamp(context / 8, LeastOutput, MostOutput) : MostOutput / 2;
}
