using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Support;

/// <summary>The whole product in this process, put together as the program puts itself together, in a home of its own.</summary>
internal sealed class House : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly TemporaryHome? ownHome;

    public House(TemporaryHome? home = null, TimeProvider? clock = null, params (string Name, string Value)[] variables)
    {
        Home = home ?? (ownHome = new TemporaryHome());
        var collection = new ServiceCollection().AddLocalMcp(Home.Environment(variables));
        if (clock is not null)
            collection.AddSingleton(clock);
        services = collection.BuildServiceProvider();
    }

    /// <summary>A house that knows these servers and nothing else.</summary>
    public static House With(params string[] urls) => new(null, null, ("LOCAL_MCP_URL", string.Join(',', urls)));

    public TemporaryHome Home { get; }

    public ModelDirectory Directory => services.GetRequiredService<ModelDirectory>();

    public ActiveModel Active => services.GetRequiredService<ActiveModel>();

    public Task<ChatReply> AskAsync(string prompt, string model = "", string system = "", int maxTokens = 0, bool think = false, Action<ChatDelta>? watch = null, CancellationToken? cancellationToken = null) =>
        AskAsync(new ChatRequest(prompt, system, model, maxTokens, think), watch, cancellationToken);

    public Task<ChatReply> AskAsync(ChatRequest request, Action<ChatDelta>? watch = null, CancellationToken? cancellationToken = null) =>
        services.GetRequiredService<ChatService>().AskAsync(request, watch ?? (_ => { }), cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>The words of the failure that this question meets.</summary>
    public async Task<string> FailureAsync(string prompt, string model = "", bool think = false) =>
        (await Assert.ThrowsAnyAsync<LocalMcpException>(() => AskAsync(prompt, model, think: think))).Message;

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        ownHome?.Dispose();
    }
}
