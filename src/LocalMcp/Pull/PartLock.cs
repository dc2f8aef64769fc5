namespace LocalMcp.Pull;

/// <summary>Held by the one process that brings a file. The lock is the kernel's, so it ends with its holder, whatever ends that.</summary>
internal static class PartLock
{
    // EWOULDBLOCK of Linux and of macOS: what .NET says of a file that somebody else has locked.
    private const int BusyOnLinux = 11;
    private const int BusyOnMac = 35;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);

    public static string PathOf(string target) => PartFile.PathOf(target) + ".lock";

    /// <summary>Waits until nobody else brings this file. Who waits says so.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task<FileStream> TakeAsync(string target, Action<PullStep> watch, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var waits = false; ; waits = true)
        {
            try
            {
                return new FileStream(PathOf(target), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException busy) when (busy.HResult is BusyOnLinux or BusyOnMac)
            {
                watch(new PullStep.Phase("waiting for another pull"));
                if (!waits)
                    watch(new PullStep.Note($"Another pull brings {Path.GetFileName(target)} already. This one waits for it."));
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Removes the lock's file, which only its holder may do, and only when the file it was for is in place: whoever still gets hold of
    /// the removed one has nothing left to bring.
    /// </summary>
    public static void Remove(string target) => File.Delete(PathOf(target));
}
