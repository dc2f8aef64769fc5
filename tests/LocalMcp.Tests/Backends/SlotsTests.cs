using LocalMcp.Backends;
using LocalMcp.Chat;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;
using ServerKind = LocalMcp.FakeServer.ServerKind;

namespace LocalMcp.Tests.Backends;

public sealed class SlotsTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task Those_beyond_the_slots_wait_in_the_order_of_arrival_and_are_told_their_place_each_second()
    {
        var slots = new Slots(clock) { Count = 1 };
        var (first, second, third) = (slots.Enter(), slots.Enter(), slots.Enter());
        Assert.Empty(await first.WaitAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        await using var told = third.WaitAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal("queued 2/2", told.Current.Message);
        var next = told.MoveNextAsync().AsTask();
        first.Dispose();
        first.Dispose();
        Assert.True(second.Granted.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await next);
        Assert.Equal("queued 1/1", told.Current.Message);
        next = told.MoveNextAsync().AsTask();
        second.Dispose();
        Assert.False(await next);
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_the_queue_at_once()
    {
        var slots = new Slots(clock) { Count = 1 };
        using var first = slots.Enter();
        using var impatient = new CancellationTokenSource();
        var second = slots.Enter();
        await using var told = second.WaitAsync(impatient.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await told.MoveNextAsync());
        var next = told.MoveNextAsync().AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        second.Dispose();
        var third = slots.Enter();
        first.Dispose();
        Assert.True(third.Granted.Task.IsCompleted);
    }

    [Fact]
    public void Where_nobody_says_how_many_there_are_nobody_waits_and_a_change_is_followed()
    {
        var slots = new Slots(clock);
        var places = Enumerable.Range(0, 3).Select(_ => slots.Enter()).ToList();
        Assert.All(places, place => Assert.True(place.Granted.Task.IsCompleted));
        slots.Count = 2;
        var fourth = slots.Enter();
        places[0].Dispose();
        Assert.False(fourth.Granted.Task.IsCompleted);
        slots.Count = 3;
        Assert.True(fourth.Granted.Task.IsCompleted);
        var fifth = slots.Enter();
        Assert.False(fifth.Granted.Task.IsCompleted);
        slots.Count = null;
        Assert.True(fifth.Granted.Task.IsCompleted);
    }

    [Fact]
    public async Task A_llama_server_gets_as_many_calls_as_it_has_slots_and_a_stuck_one_holds_up_nobody()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, HoldBeforeHeaders = true });
        await using var house = House.With(server.BaseUrl);
        var running = Enumerable.Range(0, 4).Select(_ => house.AskAsync("hello")).ToList();
        await server.WaitForAsync(request => request.Held, 4, TestContext.Current.CancellationToken);
        var (looks, queue) = (server.Requests.Count(request => request.Method == "GET"), new Queue());
        using var impatient = new CancellationTokenSource();
        var fifth = house.AskAsync("hello", watch: queue.Watch("fifth"), cancellationToken: impatient.Token);
        await queue.Until("fifth queued 1/1");
        var sixth = house.AskAsync("hello", watch: queue.Watch("sixth"));
        await queue.Until("sixth queued 2/2");
        Assert.Equal(4, server.Requests.Count(request => request.Method == "POST"));
        Assert.Equal(looks, server.Requests.Count(request => request.Method == "GET"));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fifth);
        await queue.Until("sixth queued 1/1");
        // One of the four is stuck: the others go on, and so does who has waited for them.
        server.Release(3);
        await server.WaitForAsync(request => request.Method == "POST", 5, TestContext.Current.CancellationToken);
        var seventh = house.AskAsync("hello");
        await server.WaitForAsync(request => request.Method == "POST", 6, TestContext.Current.CancellationToken);
        Assert.Contains(running, call => !call.IsCompleted);
        server.Release(3);
        Assert.All(await Task.WhenAll([.. running, sixth, seventh]), reply => Assert.Equal("Hello from the scripted model.", reply.Text));
    }

    [Fact]
    public async Task A_server_that_does_not_say_how_many_slots_it_has_gets_everything_at_once()
    {
        foreach (var kind in new[] { ServerKind.Ollama, ServerKind.LmStudio, ServerKind.Vllm, ServerKind.OpenAi })
        {
            await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, HoldBeforeHeaders = true });
            await using var house = House.With(server.BaseUrl);
            var running = Enumerable.Range(0, 8).Select(_ => house.AskAsync("hello")).ToList();
            await server.WaitForAsync(request => request.Held, 8, TestContext.Current.CancellationToken);
            server.Release(8);
            Assert.All(await Task.WhenAll(running), reply => Assert.Equal("Hello from the scripted model.", reply.Text));
        }
    }

    /// <summary>What those who wait are told.</summary>
    private sealed class Queue
    {
        private readonly HashSet<string> told = [];
        private readonly Dictionary<string, TaskCompletionSource> awaited = [];

        public Action<ChatDelta> Watch(string who) => delta =>
        {
            if (delta is not ChatDelta.Progress step)
                return;
            lock (told)
            {
                told.Add($"{who} {step.Message}");
                awaited.GetValueOrDefault($"{who} {step.Message}")?.TrySetResult();
            }
        };

        public Task Until(string words)
        {
            lock (told)
            {
                var heard = awaited[words] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (told.Contains(words))
                    heard.SetResult();
                return heard.Task;
            }
        }
    }
}
