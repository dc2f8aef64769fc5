using LocalMcp.Backends;

namespace LocalMcp.Keeper.Door;

/// <summary>Why a door does not answer a request, as its client is told.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="mayComeAgain">Whether the same request may have better luck later.</param>
internal sealed class DoorRefusal(int status, string words, bool mayComeAgain = false) : Exception(words)
{
    public int Status { get; } = status;

    public bool MayComeAgain { get; } = mayComeAgain;

    /// <summary>The request is not one that we read.</summary>
    public static DoorRefusal Bad(string why) => new(400, $"This is not a request as LocalMcp reads them: {why}.");

    /// <summary>The request is too long.</summary>
    public static DoorRefusal TooLong(string what, long most, string unit) => new(413, $"The request's {what} is longer than {most} {unit}, which is the most that LocalMcp takes.");

    /// <summary>There is no turn, or its engine has ended: 503 for what may be over soon, 500 for what would only happen again.</summary>
    public static DoorRefusal Failed(BackendFailure failure, string words) =>
        failure is BackendFailure.Unreachable or BackendFailure.Loading or BackendFailure.Dropped ? new(503, words, mayComeAgain: true) : new(500, words);
}
