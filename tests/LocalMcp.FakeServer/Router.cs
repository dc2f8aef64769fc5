namespace LocalMcp.FakeServer;

/// <summary>Which page answers: faults first, then the pages of the kind, then the OpenAI wire that all kinds speak.</summary>
internal static class Router
{
    public static async Task AnswerAsync(Exchange x)
    {
        if (!await WholeFaults.AnswerAsync(x))
            await (KindPages.Find(x) ?? OpenAi(x) ?? KindPages.NotFoundAsync(x));
    }

    private static Task? OpenAi(Exchange x) => (x.Method, x.Path) switch
    {
        ("POST", "/v1/chat/completions") => OpenAiWire.ChatAsync(x),
        ("GET", "/v1/models") => OpenAiListing.AllAsync(x),
        ("GET", var path) when path.StartsWith(OpenAiListing.OnePrefix, StringComparison.Ordinal) => OpenAiListing.OneAsync(x),
        _ => null,
    };
}
