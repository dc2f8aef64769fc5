namespace LocalMcp.Benchmarks;

/// <summary>A text for the filter.</summary>
/// <param name="Text">The text, of about this many characters.</param>
internal sealed record FilterCase(string Name, Func<int, string> Text)
{
    /// <summary>Whether it contains reasoning. The filter must find some, else the case would measure a form that the filter takes for text.</summary>
    public bool Reasons { get; init; }

    public override string ToString() => Name;
}
