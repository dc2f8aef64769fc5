using System.Diagnostics;
using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>The home of a user who has nothing but test models and an engine of their own. At its end the engine is stopped and the folder removed.</summary>
internal sealed class BenchHome : IAsyncDisposable
{
    private const int UsualSlots = 4;

    // Nobody listens there, and so no server of this machine is asked.
    private const string Nobody = "http://127.0.0.1:9";

    private readonly string folder = Directory.CreateTempSubdirectory("lmb-").FullName;
    private readonly Dictionary<string, string?> variables;

    /// <param name="engine">The llama-server to use; null for none.</param>
    /// <param name="server">The address of the one server to ask; null for none.</param>
    public BenchHome(string? engine, string? server = null)
    {
        variables = new()
        {
            ["HOME"] = folder,
            ["PATH"] = engine is null ? "/usr/bin:/bin" : $"{Path.GetDirectoryName(engine)}:/usr/bin:/bin",
            ["XDG_RUNTIME_DIR"] = folder,
            ["LOCAL_MCP_URL"] = server ?? Nobody,
            ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT"),
        };
        UserEnvironment = new UserEnvironment(name => variables.GetValueOrDefault(name));
        Directory.CreateDirectory(UserEnvironment.ConfigFolder);
        Directory.CreateDirectory(UserEnvironment.ModelFolder);
        SetSlots(UsualSlots);
    }

    /// <summary>The home itself.</summary>
    public string Folder => folder;

    public UserEnvironment UserEnvironment { get; }

    public string KeeperFolder => Path.Combine(folder, "local-mcp");

    /// <summary>The socket of the engine that the keeper runs; null when none does.</summary>
    public string? EngineSocket => Directory.Exists(KeeperFolder) ? Directory.GetDirectories(KeeperFolder, "engine-*").Select(engine => Path.Combine(engine, "engine.sock")).FirstOrDefault() : null;

    /// <summary>A path for the socket of an engine that the keeper knows nothing of.</summary>
    public string NewSocket() => Path.Combine(folder, $"{Guid.NewGuid().ToString("N")[..8]}.sock");

    /// <summary>Where a model of this name belongs.</summary>
    public string ModelFile(string name) => Path.Combine(UserEnvironment.ModelFolder, $"{name}.gguf");

    /// <summary>How many answers the engine is to give at once; holds from the next call on.</summary>
    // A random model ends its answer at any token, and only answers of one length can be compared. The flags are llama-server's own, so that both ways have them.
    public void SetSlots(int slots = UsualSlots) =>
        File.WriteAllText(UserEnvironment.SettingsFile, $$"""{ "engine": { "parallel": {{slots}}, "arguments": ["--ignore-eos", "--seed", "1"] } }""");

    /// <summary>A new folder below the home.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(folder, $"work-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    /// <summary>How a program is started in this home.</summary>
    public ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment.Clear();
        foreach (var (name, value) in variables.Where(variable => variable.Value is not null))
            start.Environment[name] = value;
        return start;
    }

    /// <summary>What <c>local-mcp ps</c> shows.</summary>
    public async Task<KeeperSays.Status> StatusAsync(CancellationToken cancellationToken) =>
        await Keeper.StatusAsync(cancellationToken) ?? throw new InvalidOperationException("No keeper runs, though one was started.");

    /// <summary>What <c>local-mcp stop</c> does: returns when keeper and engine are gone.</summary>
    public Task StopEngineAsync() => Keeper.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopEngineAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private KeeperLink Keeper => new(UserEnvironment, TimeProvider.System);
}
