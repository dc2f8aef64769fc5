namespace LocalMcp.FakeServer;

/// <summary>Whose manners the server has: its listings, its extra pages, the shape of its errors.</summary>
public enum ServerKind
{
    OpenAi,
    LlamaServer,
    LmStudio,
    Vllm,
    Omlx,
    Exo,
    Ollama,
}

/// <summary>How reasoning travels.</summary>
public enum ReasoningForm
{
    /// <summary>The field this kind of server uses on the wire in question (Ollama's own wire: <c>thinking</c>).</summary>
    KindsOwn,
    ReasoningContent,
    Reasoning,

    /// <summary>Inside the answer's text, between <c>&lt;think&gt;</c> tags.</summary>
    ThinkTags,
}

/// <summary>Which requests get the faults that replace or delay a whole answer.</summary>
[Flags]
public enum FaultScope
{
    None = 0,

    /// <summary><c>/v1/chat/completions</c>, <c>/api/chat</c>, <c>/api/generate</c>.</summary>
    Chat = 1,

    /// <summary>Every other page.</summary>
    Listings = 2,
    Everything = Chat | Listings,
}
