namespace LocalMcp.Machine;

/// <summary>How fast a memory can be read at best, as its maker gives it. Decoding text gets a part of it.</summary>
/// <param name="BytesPerSecond">Bytes a second; makers count in powers of ten.</param>
/// <param name="Source">Where the figure is from, in a few words.</param>
internal sealed record Bandwidth(long BytesPerSecond, string Source);
