using System.Globalization;

namespace LocalMcp.Pull;

/// <summary>How often a thing is tried again: with a pause that doubles from one second, and as long as the server asks for, within bounds.</summary>
internal sealed class Patience
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Hugging Face counts requests in windows of five minutes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    private readonly string who;
    private readonly TimeProvider clock;
    private readonly int tries;
    private readonly bool waitsForTheNetwork;
    private readonly string afterwards;
    private int failures;

    private Patience(string who, TimeProvider clock, int tries, bool waitsForTheNetwork, string afterwards) =>
        (this.who, this.clock, this.tries, this.waitsForTheNetwork, this.afterwards) = (who, clock, tries, waitsForTheNetwork, afterwards);

    /// <summary>For a question that is answered at once: three tries, and one where nobody is reached, for then the machine is offline.</summary>
    /// <param name="who">The server, as errors call it.</param>
    public static Patience ForQuestion(string who, TimeProvider clock) => new(who, clock, 3, waitsForTheNetwork: false, "Try again later.");

    /// <summary>For a download: six tries that bring nothing new.</summary>
    public static Patience ForDownload(string who, TimeProvider clock) => new(who, clock, 6, waitsForTheNetwork: true, "What has come so far stays; the same command goes on from there.");

    /// <summary>There was progress: the count begins anew.</summary>
    public void Restore() => failures = 0;

    /// <summary>Waits for the time of the next try.</summary>
    /// <exception cref="LocalMcpException">There is none: it failed too often, or the server asks for more time than anybody would wait.</exception>
    public async Task WaitAsync(TransientFailure failure, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        failures++;
        if (failure.Unreached && !waitsForTheNetwork)
            throw new LocalMcpException($"{who}: {failure.Message}. Check the network, and HF_ENDPOINT if it is set.", failure);
        if (failure.After > LongestWait)
            throw new LocalMcpException($"{who}: {failure.Message}, and asks to wait {Speedometer.Time(failure.After.Value.TotalSeconds)}. {afterwards}", failure);
        if (failures >= tries)
            throw new LocalMcpException(string.Create(CultureInfo.InvariantCulture, $"{who}: {failure.Message}, {failures} times in a row. {afterwards}"), failure);
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 1 << (failures - 1)));
        if (failure.After > pause)
            pause = failure.After.Value;
        watch(new PullStep.Note($"{who}: {failure.Message}. The next try is in {Speedometer.Time(pause.TotalSeconds)}."));
        await Task.Delay(pause, clock, cancellationToken);
    }
}
