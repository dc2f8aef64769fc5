using System.Globalization;

namespace LocalMcp.Models.Speed;

/// <summary>How fast a model writes, and how that is known.</summary>
/// <param name="TokensPerSecond">Decode speed.</param>
/// <param name="IsMeasured">Whether real chats on this machine said so; else it is an estimate.</param>
internal sealed record ModelSpeed(double TokensPerSecond, bool IsMeasured)
{
    /// <summary>Prefill speed, in tokens per second: how fast a prompt is read. It is only ever measured, so null until it was.</summary>
    public double? PrefillTokensPerSecond { get; init; }

    /// <summary>What was measured where there is such a thing, else the estimate, else null.</summary>
    /// <param name="estimate">Decode speed as <see cref="SpeedEstimate"/> has it.</param>
    public static ModelSpeed? Of(MeasuredSpeed? measured, double? estimate) => (measured?.Decode, estimate) switch
    {
        ({ } decode, _) => new ModelSpeed(decode, IsMeasured: true) { PrefillTokensPerSecond = measured!.Prefill },
        (null, { } guess) => new ModelSpeed(guess, IsMeasured: false) { PrefillTokensPerSecond = measured?.Prefill },
        _ => null,
    };

    /// <summary>For a table: <c>16 tok/s measured</c>, <c>28 tok/s est.</c>; with one decimal below 8.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Shown:0.#} tok/s {(IsMeasured ? "measured" : "est.")}");

    /// <summary>
    /// What it is like to wait for, in the words of the team's guide: 30 and more instant, 18 to 30 fast, 8 to 17 moderate, less background only. They
    /// go by the number as it is shown, which is a whole one from 8 on, so there is nothing between 17 and 18.
    /// </summary>
    public string Feel => Shown switch
    {
        >= 30 => "instant",
        >= 18 => "fast",
        >= 8 => "moderate",
        _ => "background only",
    };

    // A number and a word that stand side by side must agree.
    private double Shown => Math.Round(TokensPerSecond, 1, MidpointRounding.AwayFromZero) is < 8 and var slow ? slow : Math.Round(TokensPerSecond, MidpointRounding.AwayFromZero);
}
