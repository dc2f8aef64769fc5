namespace LocalMcp.Benchmarks.Engine;

/// <summary>Several sessions of one user at once.</summary>
internal sealed class SessionGroup(BenchHome home) : IAsyncDisposable
{
    private readonly List<BenchSession> sessions = [];

    public BenchSession this[int index] => sessions[index];

    public IReadOnlyList<BenchSession> All => sessions;

    /// <summary>Starts more, until there are so many. Each has asked the model, and so holds a lease on the engine.</summary>
    public async Task GrowAsync(int count, string model, CancellationToken cancellationToken)
    {
        while (sessions.Count < count)
        {
            sessions.Add(await BenchSession.StartAsync(home, cancellationToken));
            await sessions[^1].AskAsync(new("Good morning.", Model: model, MaxTokens: 8), cancellationToken);
        }
        var leases = (await home.StatusAsync(cancellationToken)).Leases;
        if (leases != count)
            throw new InvalidOperationException($"{count} sessions have asked the model, and {leases} hold a lease.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions)
            await session.DisposeAsync();
    }
}
