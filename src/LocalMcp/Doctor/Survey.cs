using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>What several checks want to know, asked once. What cannot be known is told by one check; the others say that they were not made.</summary>
internal sealed class Survey(SettingsFile settings, ModelDirectory directory)
{
    private readonly Lock starting = new();
    private Task<Listing>? listing;

    /// <summary>The settings in force.</summary>
    /// <exception cref="NotCheckedException">They are not valid, which is a check of its own.</exception>
    public Settings Settings()
    {
        try
        {
            return settings.Read();
        }
        catch (LocalMcpException)
        {
            throw new NotCheckedException("because the settings are not valid");
        }
    }

    /// <summary>All backends and their models.</summary>
    /// <exception cref="LocalMcpException">They could not be asked: the check of the servers tells of it.</exception>
    public async Task<Listing> AskAsync(CancellationToken cancellationToken)
    {
        Settings();
        Task<Listing> asking;
        lock (starting)
            asking = listing ??= directory.ListAsync(cancellationToken);
        return await asking.WaitAsync(cancellationToken);
    }

    /// <summary>The same, for all other checks.</summary>
    /// <exception cref="NotCheckedException">They could not be asked.</exception>
    public async Task<Listing> ListingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(cancellationToken);
        }
        catch (LocalMcpException)
        {
            throw new NotCheckedException("because the servers could not be asked");
        }
    }
}
