namespace LocalMcp.Machine;

/// <summary>Reads this machine. Programs of the system may be asked, so it does not hold up who waits for something else.</summary>
/// <param name="read">Where the facts come from.</param>
/// <param name="readChip">Where the processor's name alone comes from, without asking for cards; by default from all facts.</param>
internal sealed class MachineReader(Func<MachineProfile> read, Func<string?>? readChip = null)
{
    private readonly Lazy<string> chip = new(() => (readChip is null ? read().Chip : readChip()) ?? "");

    /// <summary>The processor's name, which does not change; empty when nobody says it.</summary>
    public string Chip => chip.Value;

    /// <summary>Everything anew; free memory changes.</summary>
    public MachineProfile Read() => read();

    /// <summary>The same, without holding up the caller.</summary>
    public Task<MachineProfile> ReadAsync(CancellationToken cancellationToken) => Task.Run(read, cancellationToken);
}
