using LocalMcp.Models;
using LocalMcp.Models.Speed;

namespace LocalMcp.State;

/// <summary>
/// How fast models were in real chats, in one file that all sessions of the user share. It is read again each time, and replaced as a whole (temporary
/// file, rename), so a reader never sees half of it. Of two sessions that write in the same moment the later one wins, and the other's chat is not
/// counted: a speed is measured again soon enough. It is kept for convenience: a file that is broken counts as empty and is written anew, and one that
/// cannot be written is left as it is; no chat fails for it, and nobody is told.
/// </summary>
internal sealed class MeasuredSpeeds(UserEnvironment environment, TimeProvider clock)
{
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Far beyond what 200 entries take.
    private const long LongestFile = 1_000_000;

    private readonly Lock writing = new();

    /// <summary>What was measured of this model where its backend is (<see cref="Backends.IBackend.Where"/>); null when nothing was. For many models take one <see cref="Read"/>.</summary>
    /// <param name="machine">The chip that it was measured on, as it was given to <see cref="Record"/>.</param>
    /// <param name="engine">The engine's version; null fits any.</param>
    public MeasuredSpeed? Find(ModelFacts model, string where, string machine = "", string? engine = null) => Read().Find(SpeedKey.Of(model, where, machine, engine));

    /// <summary>All that is known now.</summary>
    public SpeedBook Read()
    {
        try
        {
            return new FileInfo(environment.SpeedsFile) is { Exists: true, Length: <= LongestFile } ? MeasuredSpeedsWire.Parse(File.ReadAllBytes(environment.SpeedsFile)) ?? new SpeedBook([]) : new SpeedBook([]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new SpeedBook([]);
        }
    }

    /// <summary>Keeps what one chat showed. Never fails.</summary>
    public void Record(ModelFacts model, string where, SpeedSample sample, string machine = "", string? engine = null)
    {
        lock (writing)
            Replace(MeasuredSpeedsWire.Text(Read().With(SpeedKey.Of(model, where, machine, engine), sample, clock.GetUtcNow())));
    }

    private void Replace(byte[] text)
    {
        try
        {
            Directory.CreateDirectory(environment.StateFolder, OnlyMine | UnixFileMode.UserExecute);
            StateFile.Replace(environment.SpeedsFile, text, mode: OnlyMine);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // A speed is measured again soon enough.
        }
    }
}
