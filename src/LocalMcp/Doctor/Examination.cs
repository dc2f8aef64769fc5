namespace LocalMcp.Doctor;

/// <summary>One thing that the doctor looks at.</summary>
/// <param name="Title">What its result is called where it cannot be looked at.</param>
/// <param name="LookAsync">Gives one check or several. It may throw, and it may hang: both become results.</param>
internal sealed record Examination(string Title, Func<CancellationToken, Task<IReadOnlyList<Check>>> LookAsync)
{
    public static Examination Of(string title, Func<CancellationToken, Task<Check>> lookAsync) => new(title, async cancellationToken => [await lookAsync(cancellationToken)]);

    public static Examination Of(string title, Func<Check> look) => new(title, _ => Task.FromResult<IReadOnlyList<Check>>([look()]));
}

/// <summary>Something could not be looked at because of what another check tells of. It is not told twice.</summary>
/// <param name="why">As a phrase: <c>the settings are not valid</c>.</param>
internal sealed class NotCheckedException(string why) : Exception(why);
