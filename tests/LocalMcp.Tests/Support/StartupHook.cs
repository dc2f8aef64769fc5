using System.Diagnostics.Tracing;

// The runtime finds a hook by this name and no namespace: DOTNET_STARTUP_HOOKS names this assembly, and then it runs inside the watched program.
#pragma warning disable CA1050
internal sealed class StartupHook
#pragma warning restore CA1050
{
    /// <summary>Where to write what the network is asked for, one line each.</summary>
    public const string FileVariable = "LOCAL_MCP_TEST_NETWORK";

    private static Listener? listener;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
            listener = new Listener(file);
    }

    /// <summary>Hears of every connection that a socket of .NET attempts and of every name that is looked up, before it happens.</summary>
    private sealed class Listener : EventListener
    {
        private readonly Lock writing = new();
        private readonly string file;

        public Listener(string file)
        {
            this.file = file;
            foreach (var source in EventSource.GetSources())
                Hear(source);
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            // The base class calls this before the constructor has run: those sources are taken there.
            if (file is not null)
                Hear(eventSource);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName is not ("ConnectStart" or "ResolutionStart"))
                return;
            lock (writing)
                File.AppendAllText(file, $"{eventData.EventName} {eventData.Payload?[0]}\n");
        }

        private void Hear(EventSource source)
        {
            if (source.Name is "System.Net.Sockets" or "System.Net.NameResolution")
                EnableEvents(source, EventLevel.Informational, EventKeywords.All);
        }
    }
}
