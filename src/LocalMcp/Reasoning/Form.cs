namespace LocalMcp.Reasoning;

/// <summary>What a marker says about the text behind it.</summary>
internal enum MarkerRole
{
    /// <summary>Reasoning follows.</summary>
    Opening,

    /// <summary>The reasoning is over.</summary>
    Closing,

    /// <summary>Both at once: <c>&lt;think/&gt;</c>.</summary>
    Empty,

    /// <summary>The answer proper follows.</summary>
    AnswerOpening,

    /// <summary>The answer proper is over.</summary>
    AnswerClosing,

    /// <summary>Harmony: a header follows, which names role, channel and recipient.</summary>
    Header,

    /// <summary>Harmony: the header is over, its text follows.</summary>
    Message,

    /// <summary>Harmony: the text of a header is over.</summary>
    Over,
}

/// <summary>A way in which models mark their reasoning. There is one object for each.</summary>
/// <param name="name">For tags the name between the angle brackets, in lower case.</param>
/// <param name="token">Whether its markers are special tokens, which no prose contains by accident; else they are tags of plain letters.</param>
internal sealed class Form(string name, bool token)
{
    public string Name => name;

    public bool Token => token;

    /// <summary>Whether its tags are words that an answer can be asked to have for elements.</summary>
    public bool Everyday => Forms.Everyday.Contains(name);

    /// <summary>Whether its marker of the answer also ends reasoning that the template opened in the prompt.</summary>
    public bool EndsAtAnswer => Forms.EndAtAnswer.Contains(name);
}

/// <summary>A marker that was found in a text.</summary>
internal sealed record Marker(Form Form, MarkerRole Role);
