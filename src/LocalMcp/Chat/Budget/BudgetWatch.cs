using System.Runtime.CompilerServices;
using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Chat.Budget;

/// <summary>
/// Watches over the budget of one answer: it words the refusal of a prompt that is too long, whoever refused it, and it compares the counts of the
/// backend with ours when the answer is over.
/// </summary>
internal sealed class BudgetWatch(ChatDelta.Routed route, ChatRequest request, Settings settings, MachineReader machines)
{
    private ChatDelta.Counted? counted;
    private bool begun;

    /// <summary>The same stream. Its Finish says what was cut in silence; a failure that is an overflow names the files and what to cut.</summary>
    public static async IAsyncEnumerable<ChatDelta> Apply(
        IAsyncEnumerable<ChatDelta> answer, ChatDelta.Routed route, ChatRequest request, Settings settings, MachineReader machines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new BudgetWatch(route, request, settings, machines);
        var cached = SeenPrompts.Add($"{route.Backend.Where} {route.Model.Id}", request.Messages);
        await using var deltas = answer.GetAsyncEnumerator(cancellationToken);
        while (await watch.NextAsync(deltas, cancellationToken))
            yield return deltas.Current is ChatDelta.Finish end ? await watch.EndAsync(end, cached, cancellationToken) : deltas.Current;
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<ChatDelta> deltas, CancellationToken cancellationToken)
    {
        try
        {
            var more = await deltas.MoveNextAsync();
            counted = more && deltas.Current is ChatDelta.Counted now ? now : counted;
            begun |= more && deltas.Current is ChatDelta.Text or ChatDelta.Reasoning;
            return more;
        }
        catch (BackendException failed) when (failed.Overflow is not null && !begun)
        {
            throw await RefusalAsync(failed.Overflow, failed, cancellationToken);
        }
    }

    // LM Studio answers a prompt that is longer than the context with nothing at all, and calls that a success (lmstudio-bug-tracker issue 2339).
    private async Task<ChatDelta> EndAsync(ChatDelta.Finish end, bool cached, CancellationToken cancellationToken)
    {
        var (prompt, context) = counted is null ? (TokenEstimate.Of(route.Model, request.Messages), route.Model.ContextLength) : (counted.Prompt, counted.Context);
        if (!begun && prompt.Expected >= context)
            throw await RefusalAsync(new Overflow(prompt, context), null, cancellationToken);
        return end with { Prompt = prompt, Cut = SilentCut.Of(prompt, context, end.Usage, cached || end.Usage.CachedTokens > 0) };
    }

    private async Task<BackendException> RefusalAsync(Overflow said, BackendException? failed, CancellationToken cancellationToken)
    {
        var (model, backend) = route;
        var overflow = said with { Context = said.Context ?? counted?.Context ?? model.ContextLength };
        var words = new BudgetWords(request, overflow, TokenEstimate.Of(model, request.Messages), text => TokenEstimate.Of(model, text));
        var machine = IsHere(backend) && model.Shape is not null ? await machines.ReadAsync(cancellationToken) : null;
        var raise = ContextAdvice.Of(model, words.Wanted, overflow.Context, backend.MoreContext, settings, machine);
        return new BackendException(BackendFailure.Refused, words.Sentences($"{backend.Name} at {backend.Where}", raise), failed) { Overflow = overflow };
    }

    private static bool IsHere(IBackend backend) => !Uri.TryCreate(backend.Where, UriKind.Absolute, out var url) || url.IsFile || url.IsLoopback;
}
