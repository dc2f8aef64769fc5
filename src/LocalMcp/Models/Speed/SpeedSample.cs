namespace LocalMcp.Models.Speed;

/// <summary>What one whole answer says about the speed of its model, where it says enough to be kept.</summary>
/// <param name="Decode">Tokens written per second, reasoning included; null when too few were written.</param>
/// <param name="Prefill">Tokens of the prompt read per second, cached ones left out; null when too few were read, or their time is not known.</param>
internal sealed record SpeedSample(double? Decode, double? Prefill)
{
    /// <summary>Tokens that an answer needs to say something about decode: with fewer the first ones weigh too much.</summary>
    public const int LeastAnswerTokens = 32;

    /// <summary>Tokens that must really have been read to say something about prefill: fewer do not fill a batch.</summary>
    public const int LeastPromptTokens = 128;

    // What no machine does: a clock that jumped, or a server that counts otherwise.
    private const double Most = 1e6;

    /// <summary>What remains of these figures when those that rest on too little are left out; null when none does.</summary>
    /// <param name="answerTokens">Tokens that the decode speed was taken from.</param>
    /// <param name="promptTokens">Tokens that the prefill speed was taken from.</param>
    public static SpeedSample? Of(double? decode, int? answerTokens, double? prefill, int? promptTokens)
    {
        var sample = new SpeedSample(answerTokens >= LeastAnswerTokens ? Sane(decode) : null, promptTokens >= LeastPromptTokens ? Sane(prefill) : null);
        return sample is { Decode: null, Prefill: null } ? null : sample;
    }

    /// <summary>The speed, when it can be one.</summary>
    public static double? Sane(double? speed) => speed is > 0 and <= Most ? speed : null;
}
