using System.Collections.Concurrent;
using System.Net;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Packaging;

/// <summary>A place with releases: a folder that is served on this machine, with the names of the files that were asked for.</summary>
internal sealed class ReleaseFolder : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string folder = Directory.CreateTempSubdirectory("lmr-").FullName;

    public ReleaseFolder()
    {
        Url = ClosedPort.Url();
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public string File(string name) => Path.Combine(folder, name);

    public void Dispose()
    {
        listener.Close();
        Directory.Delete(folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (await listener.GetContextAsync() is { } call)
            {
                var name = Path.GetFileName(call.Request.Url!.AbsolutePath);
                Asked.Enqueue(name);
                using var response = call.Response;
                if (!System.IO.File.Exists(File(name)))
                    response.StatusCode = 404;
                else
                    await response.OutputStream.WriteAsync(await System.IO.File.ReadAllBytesAsync(File(name)));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
