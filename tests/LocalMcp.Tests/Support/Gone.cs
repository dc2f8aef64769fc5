namespace LocalMcp.Tests.Support;

/// <summary>Waits for things to disappear that another process removes in its own time. It waits 20 seconds at most, and returns as soon as they are gone.</summary>
internal static class Gone
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static Task FolderAsync(string parent, string pattern) =>
        UntilAsync(() => Directory.GetDirectories(parent, pattern).Length == 0, $"{pattern} in {parent}");

    public static Task FileAsync(string path) => UntilAsync(() => !File.Exists(path), path);

    public static Task ProcessAsync(int id) => UntilAsync(() => !IsAlive(id), $"Process {id}");

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> gone, string what)
    {
        using var patience = new CancellationTokenSource(Longest);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!gone())
        {
            Assert.False(patience.IsCancellationRequested, $"{what} is still there.");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
