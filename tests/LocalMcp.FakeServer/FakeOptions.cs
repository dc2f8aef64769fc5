namespace LocalMcp.FakeServer;

/// <summary>What the server is and says. The defaults make a friendly server; how it fails is in the other half of this record.</summary>
public sealed partial record FakeOptions
{
    public ServerKind Kind { get; init; } = ServerKind.OpenAi;

    /// <summary>At least one; a server that lists none is <see cref="EmptyModelList"/>.</summary>
    public IReadOnlyList<FakeModel> Models { get; init; } = [FakeModel.Default];

    /// <summary>The clock behind every delay and timestamp.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>When set, every page but <c>/health</c> wants <c>Authorization: Bearer</c> with it and answers 401 otherwise.</summary>
    public string? ApiKey { get; init; }

    public string Answer { get; init; } = "Hello from the scripted model.";

    /// <summary>Decides the answer instead of <see cref="Answer"/>: (model as requested, last user message) to text.</summary>
    public Func<string, string, string>? AnswerTo { get; init; }

    /// <summary>The answer cut exactly so; null cuts it by words. A chunk counts as a token.</summary>
    public IReadOnlyList<string>? Chunks { get; init; }

    /// <summary>Sent before the answer unless the request switches thinking off.</summary>
    public string? Reasoning { get; init; }

    public IReadOnlyList<string>? ReasoningChunks { get; init; }

    public ReasoningForm ReasoningForm { get; init; } = ReasoningForm.KindsOwn;

    /// <summary>The answer starts over until the request's token limit (100,000 chunks without one) or until the client leaves.</summary>
    public bool Endless { get; init; }

    /// <summary>Waits this long between chunks: 1 / value seconds. 0 is full speed.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Null: <c>length</c> when the request's token limit cut the answer, <c>stop</c> otherwise.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Whether token counts are given (on the OpenAI wire in a stream only to who asks with <c>include_usage</c>, as real servers do).</summary>
    public bool Usage { get; init; } = true;

    /// <summary>llama-server's <c>timings</c> object; null: given by that kind only.</summary>
    public bool? Timings { get; init; }

    /// <summary>Null counts the words of all messages.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>The model name in the answer, where it is to differ from the expected one.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>Cuts what a stream sends into writes of this many bytes, wherever that falls; 0 writes one event at a time.</summary>
    public int BytesPerWrite { get; init; }

    /// <summary>OpenAI wire: sends the comment line <c>: ping</c> before the first token and between chunks.</summary>
    public bool Pings { get; init; }
}
