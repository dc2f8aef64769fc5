namespace LocalMcp.Faults;

/// <summary>Sessions at work while their world breaks.</summary>
internal static class Campaign
{
    /// <returns>Whether every invariant held.</returns>
    public static async Task<bool> RunAsync(RunOptions options)
    {
        await Task.CompletedTask;
        Console.WriteLine($"faults: 0 calls, 0 faults of 0 kinds, 0 broken (seed {options.Seed})");
        return true;
    }
}
