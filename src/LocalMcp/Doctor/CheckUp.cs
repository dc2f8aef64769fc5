using System.Globalization;
using System.Runtime.CompilerServices;

namespace LocalMcp.Doctor;

/// <summary>
/// Runs all examinations at the same time, and gives their checks in the order of the examinations, each as soon as those before it are there. One
/// that throws or hangs is a result like any other; only the caller's cancellation ends the whole.
/// </summary>
/// <param name="patience">How long all of them together may take.</param>
internal sealed class CheckUp(IReadOnlyList<Examination> examinations, TimeSpan patience, TimeProvider clock)
{
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async IAsyncEnumerable<Check> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var results = examinations.Select(examination => ResultAsync(examination, limit.Token, cancellationToken)).ToList();
        foreach (var result in results)
        {
            foreach (var check in await result)
                yield return check.InOneLine();
        }
    }

    private async Task<IReadOnlyList<Check>> ResultAsync(Examination examination, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            // On another thread, and left behind when the time is up: a file on a disk that does not answer knows of no cancellation.
            return await Task.Run(() => examination.LookAsync(limit), limit).WaitAsync(limit);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            return [Failed(examination.Title, failed, limit.IsCancellationRequested)];
        }
    }

    private Check Failed(string title, Exception failed, bool late) => failed switch
    {
        OperationCanceledException when late => Check.Bad(
            title, string.Create(CultureInfo.InvariantCulture, $"no result within {patience.TotalSeconds:0} s, so it was left"), "Run `local-mcp doctor` again; if it happens again, look at the disk or the server that it asks."),
        NotCheckedException => Check.Note(title, $"not checked, {failed.Message}"),
        LocalMcpException => Check.Of(title, Verdict.Bad, failed.Message),
        _ => Check.Bad(title, $"the check itself failed, {failed.GetType().Name}: {failed.Message.TrimEnd('.')}", "Please report this line."),
    };
}
