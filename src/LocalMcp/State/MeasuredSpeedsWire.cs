using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Models.Speed;

namespace LocalMcp.State;

/// <summary>The file of measured speeds as it lies on disk. Whatever is wrong in it costs what is wrong, not the rest; what another version added is passed over.</summary>
internal static class MeasuredSpeedsWire
{
    /// <summary>The speeds in the text of a file; null when it is not such a file.</summary>
    public static SpeedBook? Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, MeasuredSpeedsJson.Default.Book)?.Speeds is { } entries ? new SpeedBook(entries.Select(Speed).OfType<MeasuredSpeed>()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static byte[] Text(SpeedBook book) => JsonSerializer.SerializeToUtf8Bytes(new Book([.. book.All.Select(Of)]), MeasuredSpeedsJson.Default.Book);

    private static Entry Of(MeasuredSpeed speed) => new()
    {
        Machine = speed.Key.Machine,
        Backend = speed.Key.Backend,
        Where = speed.Key.Where,
        Engine = speed.Key.Engine,
        Model = speed.Key.Model,
        Quantization = speed.Key.Quantization,
        SizeBytes = speed.Key.SizeBytes,
        Decode = Shortened(speed.Decodes),
        Prefill = Shortened(speed.Prefills),
        Runs = speed.Runs,
        Last = speed.Last,
    };

    private static MeasuredSpeed? Speed(Entry? entry)
    {
        if (entry is not { Backend: { Length: > 0 } backend, Model: { Length: > 0 } model })
            return null;
        var key = new SpeedKey(entry.Machine ?? "", backend, entry.Where ?? "", entry.Engine, model, entry.Quantization, entry.SizeBytes);
        var speed = new MeasuredSpeed(key, Sane(entry.Decode), Sane(entry.Prefill), Math.Max(entry.Runs ?? 0, 0), entry.Last ?? DateTimeOffset.UnixEpoch);
        return speed is { Decode: null, Prefill: null } ? null : speed;
    }

    private static double[] Shortened(IReadOnlyList<double> speeds) => [.. speeds.Select(speed => Math.Round(speed, 2))];

    private static double[] Sane(double[]? speeds) => [.. (speeds ?? []).Where(speed => SpeedSample.Sane(speed) is not null).TakeLast(MeasuredSpeed.Kept)];

    internal sealed record Book(Entry?[]? Speeds);

    internal sealed record Entry
    {
        public string? Machine { get; init; }

        public string? Backend { get; init; }

        public string? Where { get; init; }

        public string? Engine { get; init; }

        public string? Model { get; init; }

        public string? Quantization { get; init; }

        public long? SizeBytes { get; init; }

        /// <summary>Tokens per second, oldest first.</summary>
        public double[]? Decode { get; init; }

        /// <summary>Tokens per second, oldest first.</summary>
        public double[]? Prefill { get; init; }

        public int? Runs { get; init; }

        public DateTimeOffset? Last { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(MeasuredSpeedsWire.Book))]
internal sealed partial class MeasuredSpeedsJson : JsonSerializerContext;
