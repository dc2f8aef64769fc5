using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Backends;
using LocalMcp.Models;

namespace LocalMcp.Keeper;

/// <summary>
/// What sessions and keeper say to each other: JSON objects, one a line. The keeper greets, the session says one wish, and then the keeper
/// tells how it goes until one of the two closes.
/// </summary>
internal static class KeeperWire
{
    /// <summary>
    /// The version of this language. The greeting and the wish to retire stay as they are in all versions. A wish that is added does not change it: a keeper
    /// that does not know one says so, and a session never hears what it has not wished for.
    /// </summary>
    public const int Protocol = 1;

    public static byte[] Line(Wish wish) => [.. JsonSerializer.SerializeToUtf8Bytes(wish, KeeperJson.Default.Wish), (byte)'\n'];

    public static byte[] Line(KeeperSays says) => [.. JsonSerializer.SerializeToUtf8Bytes(says, KeeperJson.Default.KeeperSays), (byte)'\n'];

    /// <summary>What a line means; null for one that is not of this language.</summary>
    public static Wish? Wish(string line) => Parse(line, KeeperJson.Default.Wish);

    /// <summary>What a line means; null for one that is not of this language.</summary>
    public static KeeperSays? Says(string line) => Parse(line, KeeperJson.Default.KeeperSays);

    private static T? Parse<T>(string line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (Exception other) when (other is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>What a session wants of the keeper.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "want")]
[JsonDerivedType(typeof(Lease), "lease")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Door), "door")]
[JsonDerivedType(typeof(Look), "look")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Retire), "retire")]
internal abstract record Wish
{
    /// <summary>Stay as long as this connection is open.</summary>
    public sealed record Lease : Wish;

    /// <summary>A turn with this model: load it if need be, and hold a slot for this connection until it closes.</summary>
    public sealed record Run(WantedModel Model) : Wish;

    /// <summary>A way to this model over HTTP on 127.0.0.1, for programs that know no other; it closes with this connection, unless it stays.</summary>
    /// <param name="Stays">Whether it stays until keeper and engine are stopped, on the port of the settings and with the key of the user.</param>
    public sealed record Door(WantedModel Model, bool Stays) : Wish
    {
        /// <summary>Where the same door was before its keeper ended; null for a new one. It is opened there again, and nothing is loaded for it.</summary>
        public DoorPlace? Again { get; init; }
    }

    /// <summary>What is resident.</summary>
    public sealed record Look : Wish;

    /// <summary>End engine and keeper now.</summary>
    public sealed record Stop : Wish;

    /// <summary>End them when the running answers are done, and listen no more: a newer version takes over.</summary>
    public sealed record Retire : Wish;
}

/// <summary>Port on 127.0.0.1 and key of a door.</summary>
internal sealed record DoorPlace(int Port, string Key)
{
    /// <summary>Whether these can be a door's.</summary>
    [JsonIgnore]
    public bool IsSound => Port is >= 1 and <= ushort.MaxValue && Key.Length > 0;

    /// <summary>Without the key, which is not to be written down anywhere.</summary>
    public override string ToString() => $"127.0.0.1:{Port}";
}

/// <summary>A model as the session knows it from its file. What is not known is null.</summary>
/// <param name="Name">By which the user calls it.</param>
/// <param name="File">Path of the GGUF file, or of its first part.</param>
/// <param name="Changed">When the file was last written to, in ticks of UTC: another file under the same name is another model.</param>
internal sealed record WantedModel(string Name, string File, long Changed)
{
    /// <summary>All parts together.</summary>
    public long? SizeBytes { get; init; }

    public int? TrainedContext { get; init; }

    /// <summary>Whether the user wants it although by our estimate it does not fit.</summary>
    public bool Forced { get; init; }

    /// <summary>How it is built, as its header says.</summary>
    public ModelShape? Shape { get; init; }

    /// <summary>Tokens that each slot has to have at least; null where the settings alone decide. An engine that has more will do.</summary>
    public int? LeastContext { get; init; }

    /// <summary>Whether these can be facts of a model.</summary>
    [JsonIgnore]
    public bool IsSound =>
        Name.Length > 0 && Path.IsPathRooted(File) && SizeBytes is not < 0 && TrainedContext is not < 1 && LeastContext is not < 1 && Shape?.IsSound is not false;

    public static WantedModel Of(ModelFacts facts, string file) => new(facts.Name, file, System.IO.File.GetLastWriteTimeUtc(file).Ticks)
    {
        SizeBytes = facts.SizeBytes,
        TrainedContext = facts.TrainedContext,
        Shape = facts.Shape,
    };
}

/// <summary>What the keeper says.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Queued), "queued")]
[JsonDerivedType(typeof(Waiting), "waiting")]
[JsonDerivedType(typeof(Loading), "loading")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Status), "status")]
internal abstract record KeeperSays
{
    /// <summary>The greeting, first on every connection.</summary>
    public sealed record Hello(int Protocol, string Version, int ProcessId) : KeeperSays;

    /// <summary>The turn comes after others.</summary>
    public sealed record Queued(int Position, int Of) : KeeperSays;

    /// <summary>Something else has to be over first.</summary>
    public sealed record Waiting(string What) : KeeperSays;

    /// <summary>The engine is on its way. <paramref name="Percent"/> is null for an engine that does not tell.</summary>
    public sealed record Loading(string Model, int? Percent) : KeeperSays;

    /// <summary>The turn has come: the engine listens on this socket.</summary>
    public sealed record Ready(string Socket, string Engine, int? Context, IReadOnlyList<string> Warnings) : KeeperSays;

    /// <summary>The door is open.</summary>
    /// <param name="Engine">As errors call it; null where nothing was loaded.</param>
    /// <param name="Context">Tokens of each slot; null where the engine does not say, or nothing was loaded.</param>
    public sealed record Opened(DoorPlace Place, string? Engine, int? Context) : KeeperSays;

    /// <summary>There is no turn, and why.</summary>
    public sealed record Failed(BackendFailure Failure, string Message) : KeeperSays;

    /// <summary>The engine of this turn has ended in the middle of it.</summary>
    public sealed record Ended(string Message) : KeeperSays;

    /// <summary>What is resident, and for how long.</summary>
    /// <param name="EndsInSeconds">Until keeper and engine end by themselves; null while somebody holds a lease.</param>
    public sealed record Status(string Version, int ProcessId, int Leases, int Queue, int? EndsInSeconds, IReadOnlyList<ResidentStatus> Residents) : KeeperSays
    {
        /// <summary>The open doors; null from a keeper of a version that had none.</summary>
        public IReadOnlyList<DoorStatus>? Doors { get; init; }
    }
}

/// <summary>One resident engine.</summary>
/// <param name="State">loading, ready, or ending.</param>
/// <param name="MemoryBytes">Resident memory of the engine's process, mapped weights included; null when the system does not say.</param>
/// <param name="UnloadsInSeconds">Until its weights leave the memory; null while it works.</param>
/// <param name="Warnings">What its user should know, in the engine's words.</param>
internal sealed record ResidentStatus(
    string Model, string File, string State, string Engine, string CommandLine, int? ProcessId, long? MemoryBytes, int? Context, int? Slots, int Running, int? UnloadsInSeconds, IReadOnlyList<string> Warnings);

/// <summary>One door: everything but its key.</summary>
/// <param name="Running">Connections that are open there.</param>
internal sealed record DoorStatus(int Port, string Model, bool Stays, int Running);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Wish))]
[JsonSerializable(typeof(KeeperSays))]
internal sealed partial class KeeperJson : JsonSerializerContext;
