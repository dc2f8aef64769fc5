using System.Net.Sockets;
using LocalMcp.Backends;

namespace LocalMcp.Keeper;

// To be the one keeper, and to be found.
internal sealed partial class KeeperServer
{
    // The lock ends with its holder, whatever ends that. Who does not get it looks whether the holder serves: then all is well.
    private async Task<FileStream?> LockAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var pause = Pause; ; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
        {
            try
            {
                return new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(place.Lock))
            {
                if (await IsServedAsync(cancellationToken))
                    return null;
                if (clock.GetElapsedTime(started) > LongestLock)
                    throw new BackendException(BackendFailure.Unreachable, $"Another keeper has held {place.Lock} for an hour and does not serve. `local-mcp stop` ends it.");
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
            }
            catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
            {
                throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper cannot write to {place.Folder}: {cannot.Message.TrimEnd('.')}. {KeeperPlace.Remedy}", cannot);
            }
        }
    }

    private async Task<bool> IsServedAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await KeeperConnection.OpenAsync(place, clock, cancellationToken);
            return connection is not null;
        }
        catch (BackendException)
        {
            return false;
        }
    }

    // What a keeper that was killed has left: sockets that nobody listens on, and engines that are just being ended by their guards, or have lost those, too.
    // Their memory has to be back before it is given to others. A folder that stays is from before a crash of the whole machine.
    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        File.Delete(place.Socket);
        File.Delete(place.RetiringSocket);
        await Task.WhenAll(place.EngineFolders.Select(folder => EngineProcess.KillListenerAsync(KeeperPlace.EngineSocket(folder))));
        var started = clock.GetTimestamp();
        while (place.EngineFolders.Count > 0 && clock.GetElapsedTime(started) < LongestLastEngine)
            await Task.Delay(Pause, clock, cancellationToken);
        foreach (var folder in place.EngineFolders)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Its guard was a little slow.
            }
        }
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Under another name first: who finds the socket finds it listening. And .NET removes the name that it bound, whosever that is by then.
            var first = $"{place.Socket}.new";
            File.Delete(first);
            listener.Bind(new UnixDomainSocketEndPoint(first));
            listener.Listen(256);
            File.Move(first, place.Socket, overwrite: true);
            boundAt = File.GetLastWriteTimeUtc(place.Socket);
            return listener;
        }
        catch (Exception cannot) when (cannot is SocketException or IOException)
        {
            listener.Dispose();
            throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper cannot listen on {place.Socket}: {cannot.Message.TrimEnd('.')}. {KeeperPlace.Remedy}", cannot);
        }
    }
}
