using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>The second engine as a process with a folder of its own; both are gone at the end of the test.</summary>
internal sealed class LlamaSharpEngine : IAsyncDisposable
{
    private readonly string folder;
    private readonly Process process;
    private readonly Task<string> errors;

    private LlamaSharpEngine(string folder, Process process)
    {
        (this.folder, this.process) = (folder, process);
        errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        // Somebody has to read it, or the process waits.
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var socket = Socket(folder);
        Client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => Unix.ConnectAsync(socket, cancellationToken) }) { BaseAddress = new Uri("http://engine/") };
    }

    /// <summary>The program, as the build made it.</summary>
    public static string Program { get; } = Path.Combine(Repository.Root, typeof(LlamaSharpEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(fact => fact.Key == "LlamaSharpProgram").Value!);

    public HttpClient Client { get; }

    /// <summary>An engine that is ready, with a model that says this.</summary>
    public static Task<LlamaSharpEngine> SayingAsync(string text, params string[] flags) => WithAsync(new Script(text), flags);

    public static Task<LlamaSharpEngine> WithAsync(Script script, params string[] flags) => ReadyAsync(path => ScriptedModel.Write(path, script), flags);

    /// <summary>An engine that is ready, with a model of this many parameters that says nonsense.</summary>
    public static Task<LlamaSharpEngine> RandomAsync(string parameters, params string[] flags) => ReadyAsync(path => RandomModel.Write(path, RandomShape.Named(parameters)), flags);

    /// <summary>An engine that has been started and may not be ready.</summary>
    public static LlamaSharpEngine Start(Action<string> writeModel, params string[] flags)
    {
        var folder = Directory.CreateTempSubdirectory("lse-").FullName;
        var model = Path.Combine(folder, "model.gguf");
        writeModel(model);
        return new LlamaSharpEngine(folder, Run(["--model", model, "--host", Socket(folder), "--threads", "1", .. flags]));
    }

    /// <summary>What the program says to these arguments, and its exit code.</summary>
    public static async Task<(int Code, string Output, string Errors)> SaysAsync(params string[] arguments)
    {
        using var process = Run(arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The status and the body of a page.</summary>
    public async Task<(int Status, JsonNode Body)> GetAsync(string page)
    {
        using var reply = await Client.GetAsync(page, TestContext.Current.CancellationToken);
        return ((int)reply.StatusCode, JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>The first answer to this page of an engine that may still be on its way to its socket.</summary>
    public async Task<(int Status, JsonNode Body)> FirstAsync(string page)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            Assert.False(process.HasExited, "The engine ended.");
            try
            {
                return await GetAsync(page);
            }
            catch (HttpRequestException)
            {
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Waits until the model is loaded.</summary>
    public async Task<LlamaSharpEngine> ReadyAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await FirstAsync("health")).Status != 200)
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Signal()
    {
        using var kill = Process.Start("kill", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        kill.WaitForExit();
    }

    /// <summary>Waits for its end, and returns the exit code and what it said on standard error.</summary>
    public async Task<(int Code, string Errors)> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<LlamaSharpEngine> ReadyAsync(Action<string> writeModel, string[] flags)
    {
        var engine = Start(writeModel, flags);
        try
        {
            return await engine.ReadyAsync();
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private static string Socket(string folder) => Path.Combine(folder, "engine.sock");

    private static Process Run(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
