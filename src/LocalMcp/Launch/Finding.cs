namespace LocalMcp.Launch;

/// <summary>How far something is up to Claude Code.</summary>
internal enum Readiness
{
    Ready,

    /// <summary>Nobody says. It may go well.</summary>
    Unknown,

    /// <summary>Worth knowing; nothing is wrong with it.</summary>
    Note,

    /// <summary>It would not go well.</summary>
    Lacking,
}

/// <summary>What one look beforehand showed.</summary>
/// <param name="About">One word: client, context, tools …</param>
/// <param name="Text">What is there, and what to do where that is needed; without a period at its end.</param>
internal sealed record Finding(Readiness Readiness, string About, string Text)
{
    private string Sign => Readiness switch
    {
        Readiness.Ready => "ok",
        Readiness.Unknown => "?",
        Readiness.Note => "note",
        _ => "FAIL",
    };

    /// <summary>As it is shown in a column of its own.</summary>
    public string Line => $"  {Sign,-5} {About,-9} {Text}";
}
