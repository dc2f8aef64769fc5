using System.Runtime.InteropServices;

namespace LocalMcp.FakeServer;

/// <summary>The fake as a program: says where it listens, then answers until it is told to end.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        CommandLine line;
        try
        {
            line = CommandLine.Parse(arguments);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }

        if (line.Help)
        {
            Console.WriteLine(CommandLine.Usage);
            return 0;
        }

        await RunAsync(line);
        return 0;
    }

    private static async Task RunAsync(CommandLine line)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var server = await FakeModelServer.StartAsync(line.Options, line.Port);
        Console.WriteLine($"listening on {server.BaseUrl}");
        await Task.WhenAny(ended.Task, line.UntilStdinCloses ? ObeyAsync(server) : ended.Task);

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }
    }

    // Reading the console blocks, even asynchronously.
    private static Task ObeyAsync(FakeModelServer server) => Task.Run(() =>
    {
        while (Console.In.ReadLine() is { } order)
        {
            if (order == "release")
                server.Release();
        }
    });
}
