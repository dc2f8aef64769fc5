namespace LocalMcp.Pull;

/// <summary>Held by the one process that brings a file. The lock is the kernel's, so it ends with its holder, whatever ends that.</summary>
internal static class PartLock
{
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
            catch (IOException) when (File.Exists(PathOf(target)))
            {
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
