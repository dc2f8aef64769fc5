namespace LocalMcp.Schema;

/// <summary>One thing that is wrong with an answer.</summary>
/// <param name="Place">Where, as a JSON pointer; empty for the whole answer.</param>
/// <param name="Words">What must be, and what is.</param>
internal sealed record Fault(string Place, string Words)
{
    /// <summary>The types that were expected, where the type is what is wrong.</summary>
    public JsonTypes Expected { get; init; }

    public override string ToString() => $"{(Place.Length > 0 ? Place : "the whole answer")}: {Words}";
}

/// <summary>A place in a JSON value, on the way down to it.</summary>
internal sealed record Place(Place? Above, string Name)
{
    public static readonly Place Root = new(null, "");

    public Place At(string name) => new(this, name);

    /// <summary>The place as a JSON pointer (RFC 6901).</summary>
    public override string ToString() => Above is null ? "" : $"{Above}/{Escape(Name)}";

    /// <summary>A name as a part of a pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
