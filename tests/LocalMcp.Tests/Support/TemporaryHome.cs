using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Tests.Support;

/// <summary>A home directory for one test, with nothing in it, removed at its end. The real one is never touched.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("lmt-").FullName;

    public string ConfigFolder => Path.Combine(Folder, ".config", "local-mcp");

    public string SettingsFile => Path.Combine(ConfigFolder, "settings.json");

    public string ActiveModelFile => Path.Combine(ConfigFolder, "active_model");

    public string ModelFolder => Path.Combine(Folder, ".local", "share", "local-mcp", "models");

    /// <summary>The environment of a user who lives here. <paramref name="more"/> adds variables.</summary>
    public UserEnvironment Environment(params (string Name, string Value)[] more)
    {
        var variables = Variables(more);
        return new UserEnvironment(name => variables.GetValueOrDefault(name));
    }

    public Dictionary<string, string?> Variables(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string?> { ["HOME"] = Folder, ["PATH"] = "/usr/bin:/bin", ["XDG_RUNTIME_DIR"] = Folder };
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }

    public TemporaryHome WithSettings(string json)
    {
        Directory.CreateDirectory(ConfigFolder);
        File.WriteAllText(SettingsFile, json);
        return this;
    }

    public TemporaryHome WithActive(string id)
    {
        Directory.CreateDirectory(ConfigFolder);
        File.WriteAllText(ActiveModelFile, id + "\n");
        return this;
    }

    /// <summary>Where the keeper of this home has its sockets.</summary>
    public string KeeperFolder => Path.Combine(Folder, "local-mcp");

    /// <summary>Ends the engine of this home, where one runs, and returns when it is gone.</summary>
    public Task StopEngineAsync() => new KeeperLink(Environment(), TimeProvider.System).StopAsync(CancellationToken.None);

    public void Dispose() => RemoveAsync().GetAwaiter().GetResult();

    // A keeper that was started by one of many sessions at once, and was slower than the others, may come up only now: it is ended as well.
    private async Task RemoveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            await StopEngineAsync();
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException) when (!patience.IsCancellationRequested)
            {
                await tick.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
