using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

// How residents come and go.
internal sealed partial class EngineRoom
{
    private async Task LoadAsync(Resident resident, Settings settings, long taken)
    {
        await Task.Yield();
        var file = resident.Model.File;
        try
        {
            await BackOffAsync(resident);
            await loader.LoadAsync(resident, settings, taken, resident.GivenUp);
            lock (arranging)
            {
                resident.LastUsed = clock.GetTimestamp();
                resident.State = ResidentState.Ready;
                _ = WatchAsync(resident);
                Arrange();
            }
        }
        catch (OperationCanceledException)
        {
            Remove(resident, null);
        }
        catch (BackendException failed)
        {
            // What was never started is no failure of the engine's.
            var loop = resident.Process is null ? null : Count(file, failed.Message);
            Remove(resident, new KeeperSays.Failed(failed.Failure, failed.Message + loop?.Remark));
        }
        catch (Exception defect)
        {
            Remove(resident, new KeeperSays.Failed(BackendFailure.Unintelligible, $"The engine could not be loaded ({defect.GetType().Name}: {defect.Message}). Please report this."));
        }
    }

    private async Task BackOffAsync(Resident resident)
    {
        CrashLoop? loop;
        lock (arranging)
            loop = failures.GetValueOrDefault(resident.Model.File);
        if (loop is null || loop.Pause - clock.GetElapsedTime(loop.At) is not { Ticks: > 0 } left)
            return;
        var pause = Task.Delay(left, clock, resident.GivenUp);
        Tell($"the engine has failed {loop.Count} times in a row with {resident.Model.Name}, so the next try waits {loop.Pause.TotalSeconds:0} s (last: {loop.Words})");
        await pause;
        Tell(null);

        void Tell(string? what)
        {
            lock (arranging)
            {
                resident.Waiting = what;
                Arrange();
            }
        }
    }

    // Waits for the end of a ready engine. One that was not asked for is told to whoever had a turn.
    private async Task WatchAsync(Resident resident)
    {
        var process = resident.Process!;
        var words = await process.ExitAsync();
        if (resident.State == ResidentState.Ending)
            return;
        var loop = Count(resident.Model.File, words);
        lock (arranging)
        {
            foreach (var turn in resident.Running)
                turn.Conclude(new KeeperSays.Ended($"The engine ({process.Plan.Engine.Label}) ended in the middle of the call: {words}. Ask again, the next call starts a fresh one; if it happens again, the model may not fit into memory.{loop.Remark}"));
        }
        await process.DisposeAsync();
        Remove(resident, null);
    }

    private async Task EndAsync(Resident resident)
    {
        await Task.Yield();
        await resident.Process!.DisposeAsync();
        Remove(resident, null);
    }

    private CrashLoop Count(string file, string words)
    {
        lock (arranging)
            return failures[file] = CrashLoop.After(failures.GetValueOrDefault(file), words, clock.GetTimestamp());
    }

    // It is gone; who waited for it is told why, where there is a reason.
    private void Remove(Resident resident, KeeperSays.Failed? why)
    {
        lock (arranging)
        {
            residents.Remove(resident);
            resident.Dispose();
            // Who needs less context than it was loaded for may have better luck.
            foreach (var turn in why is null ? [] : waiting.Where(t => t.Model.File == resident.Model.File && (t.Model.LeastContext ?? 0) >= (resident.Model.LeastContext ?? 0)).ToList())
            {
                waiting.Remove(turn);
                turn.Conclude(why);
            }
            Arrange();
        }
    }

    private void Send(Task errand)
    {
        errands.Add(errand);
        _ = errand.ContinueWith(done =>
        {
            lock (arranging)
                errands.Remove(done);
        }, TaskScheduler.Default);
    }
}
