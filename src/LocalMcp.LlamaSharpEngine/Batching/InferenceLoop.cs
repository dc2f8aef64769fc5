using LLama.Native;
using LocalMcp.LlamaSharpEngine.Model;
using LocalMcp.LlamaSharpEngine.Server;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>
/// The one thread that computes. Every turn it reads one batch with the next tokens of all running answers. LLamaSharp's BatchedExecutor is not
/// used: it puts a batch that was aborted, or for which there was no room, back to the head of its queue, from where nobody can take it away.
/// </summary>
internal sealed class InferenceLoop : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly LoadedModel model;
    private readonly Slot[] slots;
    private readonly List<ChatRun> running = [];
    private readonly LLamaBatch batch = new();
    private readonly Thread thread;
    private readonly SemaphoreSlim news = new(0);
    // Guards what other threads touch: the queue, and which runs are in the batch that is being computed.
    private readonly Lock gate = new();
    private readonly Queue<ChatRun> waiting = new();
    private IReadOnlyList<(ChatRun Run, int Count)> computing = [];
    private volatile bool ending;
    private long turn;

    public InferenceLoop(LoadedModel model, int parallel)
    {
        this.model = model;
        slots = [.. Enumerable.Range(0, parallel).Select(number => new Slot(number))];
        thread = new Thread(Work) { IsBackground = true, Name = "inference" };
        thread.Start();
    }

    /// <summary>Takes its turn behind those that came before.</summary>
    public void Add(ChatRun run)
    {
        lock (gate)
            waiting.Enqueue(run);
        news.Release();
    }

    /// <summary>Gives up a run: also in the middle of reading its prompt, which can take minutes.</summary>
    public void Cancel(ChatRun run)
    {
        run.Cancel();
        lock (gate)
        {
            if (computing.Any(part => part.Run == run && part.Count > 1))
                AbortSwitch.Wanted = true;
        }
        news.Release();
    }

    /// <summary>Ends the computation: native code must not run on while the process takes itself down.</summary>
    public void Dispose()
    {
        ending = true;
        AbortSwitch.Wanted = true;
        news.Release();
        if (thread.Join(LongestEnd))
            news.Dispose();
    }

    private void Work()
    {
        while (!ending)
        {
            Remove(run => run.IsCancelled);
            Admit();
            if (running.Count == 0)
                news.Wait();
            else
                Turn();
        }
    }

    private void Admit()
    {
        lock (gate)
        {
            while (waiting.TryPeek(out var run))
            {
                if (run.IsCancelled)
                {
                    waiting.Dequeue().Leave();
                    continue;
                }
                if (SlotPlan.For(run.Prompt, slots, model.Memory.CanGoBack) is not { } plan)
                    return;
                running.Add(waiting.Dequeue());
                Settle(run, plan);
            }
        }
    }

    private void Settle(ChatRun run, SlotPlan plan)
    {
        var known = plan.Source.Tokens.Take(plan.Common).ToList();
        var kept = plan.Place == plan.Source
            ? model.Memory.Rewind(plan.Place.Number, plan.Common)
            : model.Memory.Share(plan.Source.Number, plan.Place.Number, plan.Common);
        plan.Place.Tokens.Clear();
        plan.Place.Tokens.AddRange(known.Take(kept));
        plan.Place.LastTaken = ++turn;
        run.Begin(plan.Place);
    }

    private void Turn()
    {
        var plan = BatchPlan.For(running, model.Memory.Capacity);
        var rows = Fill(plan);
        switch (Compute(plan))
        {
            case DecodeResult.Ok:
                Advance(plan, rows);
                break;
            case DecodeResult.ComputeAborted:
                GoBack(plan);
                break;
            case DecodeResult.NoKvSlot:
                MakeRoom(plan);
                break;
            case var failure:
                GiveUp(plan, $"llama.cpp could not compute the next tokens ({failure}). Ask again; if it fails again, the model may not fit into memory: lower the context size or choose a smaller model.");
                break;
        }
    }

    // The row of each run whose next token is computed; none for a prompt that goes on in the next batch.
    private Dictionary<ChatRun, int> Fill(IReadOnlyList<(ChatRun Run, int Count)> plan)
    {
        var rows = new Dictionary<ChatRun, int>();
        batch.Clear();
        foreach (var (run, count) in plan)
        {
            var whole = count == run.Pending;
            var last = batch.AddRange(run.Next(count), run.Slot.Tokens.Count, (LLamaSeqId)run.Slot.Number, logitsLast: whole);
            if (whole)
                rows.Add(run, last);
        }
        return rows;
    }

    private DecodeResult Compute(IReadOnlyList<(ChatRun Run, int Count)> plan)
    {
        lock (gate)
        {
            computing = plan;
            AbortSwitch.Wanted = ending || plan.Any(part => part.Run.IsCancelled);
        }
        var result = model.Memory.Read(batch);
        lock (gate)
        {
            computing = [];
            AbortSwitch.Wanted = ending;
        }
        return result;
    }

    private void Advance(IReadOnlyList<(ChatRun Run, int Count)> plan, Dictionary<ChatRun, int> rows)
    {
        foreach (var (run, count) in plan)
        {
            var reading = !run.IsWriting;
            run.Slot.Tokens.AddRange(run.Next(count));
            if (reading)
                run.TellProgress();
        }
        var over = rows.Where(row => !row.Key.Write(new LoadedRow(model, row.Value), model.SlotContext)).Select(row => row.Key).ToHashSet();
        Remove(over.Contains);
    }

    // Parts of the batch may be in memory. A model that cannot go back reads the whole again.
    private void GoBack(IReadOnlyList<(ChatRun Run, int Count)> plan)
    {
        foreach (var (run, _) in plan)
            run.Slot.Shorten(model.Memory.Rewind(run.Slot.Number, run.Slot.Tokens.Count));
    }

    // What resting slots remember goes first, then the answer that came last.
    private void MakeRoom(IReadOnlyList<(ChatRun Run, int Count)> plan)
    {
        var resting = slots.Where(slot => slot.Run is null && slot.Tokens.Count > 0).ToList();
        foreach (var slot in resting)
            Forget(slot);
        if (resting.Count == 0)
            GiveUp([plan.MaxBy(part => part.Run.Slot.LastTaken)], "The KV cache is full: the running answers together need more context than there is. Ask again when one of them is over, or raise the context size.", "kv_cache_full");
    }

    private void GiveUp(IReadOnlyList<(ChatRun Run, int Count)> plan, string why, string type = "server_error")
    {
        foreach (var (run, _) in plan)
        {
            run.Fail(new RequestError(500, type, why));
            Forget(run.Slot);
        }
        Remove(run => plan.Any(part => part.Run == run));
    }

    private void Forget(Slot slot)
    {
        model.Memory.Clear(slot.Number);
        slot.Tokens.Clear();
    }

    private void Remove(Predicate<ChatRun> over)
    {
        foreach (var run in running.Where(run => over(run)))
            run.Leave();
        running.RemoveAll(over);
    }
}
