using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

/// <summary>
/// Headers with something wrong in them. LOCAL_MCP_FUZZ is how many of them (5,000 without it), LOCAL_MCP_SEED where they begin. Whatever comes is facts or an error,
/// and costs little memory.
/// </summary>
public sealed class GgufFuzzTests : IDisposable
{
    private const long MostBytes = 50_000_000;

    private static readonly int Headers = Number("LOCAL_MCP_FUZZ", 5_000);
    private static readonly int FirstSeed = Number("LOCAL_MCP_SEED", 20261121);

    private static readonly ulong[] Wrong =
    [
        0, 1, 2, 7, 8, 9, 12, 63, 255, 4095, 4096, 4097, 8192, 32_768, 65_536, 1_000_000, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 100_000_000, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue / 8, ulong.MaxValue - 1,
    ];

    private readonly TemporaryHome home = new();

    [Fact]
    public void A_header_with_something_wrong_is_facts_or_an_error_and_costs_little()
    {
        var sound = Sound().ToList();
        var (slowest, slow, dearest, facts) = (TimeSpan.Zero, 0, 0L, 0);
        foreach (var header in sound)
            Look(header, header.Length);
        for (var seed = FirstSeed; seed < FirstSeed + Headers; seed++)
        {
            var random = new Random(seed);
            var (bytes, length) = Mutated(sound[random.Next(sound.Count)], random);
            var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            try
            {
                facts += Look(bytes, length) ? 1 : 0;
            }
            catch (Exception unexpected)
            {
                Assert.Fail($"seed {seed}: {unexpected}");
            }
            var (cost, time) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(started));
            Assert.True(cost < MostBytes, $"seed {seed}: {cost:N0} bytes");
            (slowest, slow, dearest) = (time > slowest ? time : slowest, time > slowest ? seed : slow, Math.Max(dearest, cost));
        }
        TestContext.Current.SendDiagnosticMessage($"{Headers:N0} headers, {facts:N0} with facts, at most {slowest.TotalMilliseconds:F1} ms (seed {slow}) and {dearest:N0} bytes each");
        Assert.InRange(facts, Headers / 100, Headers - (Headers / 100));
    }

    public void Dispose() => home.Dispose();

    // Everything that is ever asked of a header. False for an error.
    private static bool Look(byte[] bytes, long length)
    {
        try
        {
            // What lies beyond the header is zeros, as in a file that was made longer.
            using var file = new GgufReader(length, (offset, into) =>
            {
                var count = (int)Math.Min(into.Length, length - offset);
                into[..count].Clear();
                if (offset < bytes.Length)
                    bytes.AsSpan((int)offset, (int)Math.Min(count, bytes.Length - offset)).CopyTo(into);
                return count;
            });
            var header = GgufHeader.Read(file);
            var shape = header.Shape;
            Assert.False(shape.Parameters < 0 || shape.ActiveParameters > shape.Parameters || shape.ActiveBytes > shape.WeightBytes || shape.RecurrentElements < 0 || shape.Layers < 1 || shape.Experts < 0);
            Assert.DoesNotContain(shape.Cache ?? [], kind => kind.KeyElements < 1 || kind.ValueElements < 0 || kind.Window < 1 || kind.Layers > shape.Layers);
            _ = (header.Quantization, GgufPurpose.IsChat(header));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static (byte[] Bytes, long Length) Mutated(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
            Mutate(bytes, random);
        var length = random.Next(4) switch
        {
            0 => (long)random.Next(bytes.Count + 1),
            1 => 1L << random.Next(20, 45),
            _ => bytes.Count,
        };
        return ([.. bytes], length);
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        var fields = Fields([.. bytes]);
        var (at, width) = random.Next(3) == 0 || fields.Count == 0 ? (random.Next(4, bytes.Count - 8), 8) : fields[random.Next(fields.Count)];
        switch (random.Next(5))
        {
            case 0:
                bytes[at + random.Next(width)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 17), bytes.Count - at - 9));
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                break;
            case 3:
                Add(bytes, at, width, random.Next(2) == 0 ? 1 : ulong.MaxValue);
                break;
            default:
                Write(bytes, at, width, Wrong[random.Next(Wrong.Length)]);
                break;
        }
    }

    private static void Add(List<byte> bytes, int at, int width, ulong number)
    {
        ulong old = 0;
        for (var i = 0; i < width; i++)
            old |= (ulong)bytes[at + i] << (8 * i);
        Write(bytes, at, width, old + number);
    }

    private static void Write(List<byte> bytes, int at, int width, ulong number)
    {
        for (var i = 0; i < width; i++)
            bytes[at + i] = (byte)(number >> (8 * i));
    }

    // Where the lengths, types, counts and numbers of a header are, as far as it can be followed.
    private static List<(int At, int Width)> Fields(byte[] bytes)
    {
        var fields = new List<(int, int)> { (4, 4), (8, 8), (16, 8) };
        var at = 24;
        try
        {
            for (var pairs = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)); pairs > 0; pairs--)
            {
                Text();
                Value((int)Take(4));
            }
            for (var tensors = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)); tensors > 0; tensors--)
            {
                Text();
                for (var dimensions = Take(4); dimensions > 0; dimensions--)
                    Take(8);
                Take(4);
                Take(8);
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // It has been spoilt before.
        }
        return [.. fields.Where(field => field.Item1 + field.Item2 + 8 < bytes.Length)];

        ulong Take(int width)
        {
            fields.Add((at, width));
            var number = width == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            at += width;
            return number;
        }

        void Text() => at = checked(at + (int)Math.Min(Take(8), int.MaxValue / 2));

        void Value(int type)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(at, bytes.Length);
            if (type == 8)
                Text();
            else if (type != 9)
                at += type is 0 or 1 or 7 ? 1 : type is 2 or 3 ? 2 : type is 10 or 11 or 12 ? Skip(8) : Skip(4);
            else
                List((int)Take(4), Take(8));
        }

        int Skip(int width)
        {
            fields.Add((at, width));
            return width;
        }

        void List(int type, ulong count)
        {
            for (; count > 0 && fields.Count < 20_000; count--)
                Value(type);
        }
    }

    // Headers without their weights: of random models, and of kinds that the writer does not make.
    private IEnumerable<byte[]> Sound()
    {
        foreach (var architecture in RandomArchitecture.All)
        {
            var path = Path.Combine(home.Folder, "model.gguf");
            RandomModel.Write(path, new RandomShape(2, 64, 2, 1, 64, 512) { Experts = 4 }, architecture: architecture);
            var whole = File.ReadAllBytes(path);
            yield return whole[..(int)(GgufHeader.Read(path).Extent!.Value - WeightBytes(path))];
        }
        foreach (var (_, architecture, keys, _, _) in GgufShapeTests.Published.Concat(GgufShapeTests.Measured).Select(row => row.Data))
            yield return [.. GgufBytes.Describing([("general.architecture", architecture), .. keys.Select(pair => ($"{architecture}.{pair.Item1}", pair.Item2))]).Bytes, .. new byte[16]];
    }

    private static long WeightBytes(string path) => GgufHeader.Read(path).Shape.WeightBytes!.Value;

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
