using System.Collections.Concurrent;
using LocalMcp.FakeServer;
using LocalMcp.Pull;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Pull;

/// <summary>A home that pulls from a fake Hugging Face in this process, with a clock on which every pause is over at once.</summary>
internal sealed class PullHome : IAsyncDisposable
{
    private readonly TemporaryHome home = new();

    private PullHome(FakeHub hub) => Hub = hub;

    public FakeHub Hub { get; }

    public ImpatientClock Clock { get; } = new();

    /// <summary>What pulls have shown.</summary>
    public ConcurrentQueue<PullStep> Steps { get; } = new();

    public IEnumerable<string> Notes => Steps.OfType<PullStep.Note>().Select(note => note.Text);

    public PullCatalog Catalog { get; set; } = new();

    public PullFit Fit { get; set; } = (_, _) => null;

    /// <summary>Beside HF_ENDPOINT.</summary>
    public (string Name, string Value)[] Variables { get; set; } = [];

    public string ModelFolder => home.ModelFolder;

    /// <summary>A home and a server that has a repository <c>owner/repo</c> with these files.</summary>
    public static Task<PullHome> WithAsync(params (string Path, byte[] Content)[] files) => WithAsync(new HubOptions { Repositories = HubOptions.With("owner/repo", files) });

    public static async Task<PullHome> WithAsync(HubOptions options) => new(await FakeHub.StartAsync(options));

    /// <summary>A model of some kilobytes whose header is sound. Another seed makes another content of the same length.</summary>
    public static byte[] Model(int kilobytes = 100, int seed = 1, string architecture = "llama", uint part = 0, uint parts = 1, string filling = "")
    {
        var weights = new byte[kilobytes * 1024];
        new Random(seed).NextBytes(weights);
        using var gguf = new GgufWriter();
        gguf.Add("general.architecture", architecture);
        gguf.Add("general.name", filling);
        if (parts > 1)
        {
            gguf.Add("split.no", part);
            gguf.Add("split.count", parts);
        }
        gguf.Add(new GgufTensor($"blk.{part}.weight", TensorType.F32, [weights.Length / 4], output => output.Write(weights)));
        using var bytes = new MemoryStream();
        gguf.WriteTo(bytes);
        return bytes.ToArray();
    }

    public string PathOf(string file, string repository = "owner/repo") => Path.Combine(home.ModelFolder, repository, file);

    public async Task<Pulled> PullAsync(string name = "hf:owner/repo", bool force = false, CancellationToken? cancellationToken = null)
    {
        var services = new ServiceCollection().AddLocalMcp(home.Environment([("HF_ENDPOINT", Hub.BaseUrl), .. Variables]))
            .AddSingleton<TimeProvider>(Clock).AddSingleton(Catalog).AddSingleton(Fit);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<Puller>().RunAsync(name, force, Steps.Enqueue, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>The words of the failure of a pull.</summary>
    public async Task<string> FailureAsync(string name = "hf:owner/repo", bool force = false) => (await Assert.ThrowsAnyAsync<LocalMcpException>(() => PullAsync(name, force))).Message;

    /// <summary>Leaves a part of a model behind, as a pull does whose connection breaks for good.</summary>
    public async Task InterruptAsync(int after, string name = "hf:owner/repo")
    {
        var options = Hub.Options;
        Hub.Options = options with { DropAfter = after, Status = 503, StatusForFiles = true, StatusFirst = 0 };
        using var stop = new CancellationTokenSource();
        var steps = Steps;
        Clock.BeforePause = stop.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(name, cancellationToken: stop.Token));
        Clock.BeforePause = () => { };
        steps.Clear();
        Hub.Options = options;
    }

    /// <summary>The files below the model folder, by their paths in it.</summary>
    public IEnumerable<string> Files() => Directory.Exists(home.ModelFolder)
        ? Directory.GetFiles(home.ModelFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(home.ModelFolder, file)).Order(StringComparer.Ordinal)
        : [];

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        home.Dispose();
    }
}
