using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.State;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp engine</c>: the keeper. Sessions start it; it is not meant to be typed.</summary>
internal static class EngineVerb
{
    public static async Task<int> RunAsync(UserEnvironment environment, CancellationToken cancellationToken)
    {
        Unix.LeadOwnSession();
        try
        {
            var place = KeeperPlace.Find(environment);
            var clock = TimeProvider.System;
            using var loader = new EngineLoader(environment, place, MachineProfile.Read, clock);
            using var keeper = new KeeperServer(place, environment, new EngineRoom(loader, MachineProfile.Read, clock), clock);
            await keeper.RunAsync(Begin, cancellationToken);
            return 0;

            void Begin()
            {
                Unix.LetGoOfStandardStreams();
                _ = loader.PrepareAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception failed) when (failed is BackendException or IOException or UnauthorizedAccessException)
        {
            Terminal.Complain(failed.Message);
            return 1;
        }
    }
}
