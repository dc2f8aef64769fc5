namespace LocalMcp.Benchmarks.All;

/// <summary>Something that a part needs is not on this machine. The message goes into the results.</summary>
internal sealed class NotMeasuredException(string why) : Exception(why);
