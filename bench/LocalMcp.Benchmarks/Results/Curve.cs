namespace LocalMcp.Benchmarks.Results;

/// <summary>How a cost grows with something.</summary>
/// <param name="Along">What is made larger, with its unit.</param>
/// <param name="Unit">Of the cost.</param>
internal sealed record Curve(string Id, string Title, string Along, string Unit, IReadOnlyList<CurveLine> Lines, string Commit, bool Quick);

/// <summary>One way of doing it.</summary>
internal sealed record CurveLine(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>The cost at one size.</summary>
internal sealed record CurvePoint(double At, Spread Cost);
