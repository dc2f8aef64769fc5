using System.Text;
using LocalMcp.TestModels;

namespace LocalMcp.Tests.Support;

/// <summary>Headers of GGUF files, written byte by byte: also those that no writer would make.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> bytes = [.. "GGUF"u8];

    public GgufBytes(ulong tensors, ulong pairs, uint version = 3) => UInt32(version).UInt64(tensors).UInt64(pairs);

    /// <summary>Numbers go as 32 bits where they are int or uint, lists as lists of 32 bits.</summary>
    public static GgufBytes Describing(params (string Key, object Value)[] pairs)
    {
        var header = new GgufBytes(0, (ulong)pairs.Length);
        foreach (var (key, value) in pairs)
            header.Pair(key, value);
        return header;
    }

    public GgufBytes Text(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        UInt64((ulong)encoded.Length);
        bytes.AddRange(encoded);
        return this;
    }

    public GgufBytes UInt32(uint value)
    {
        bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public GgufBytes UInt64(ulong value)
    {
        bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public GgufBytes Pair(string key, object value)
    {
        Text(key);
        return value switch
        {
            string text => UInt32(8).Text(text),
            int number => UInt32(4).UInt32((uint)number),
            int[] list => list.Aggregate(UInt32(9).UInt32(5).UInt64((ulong)list.Length), (header, number) => header.UInt32((uint)number)),
            _ => throw new ArgumentException($"No way to write a {value.GetType().Name}.", nameof(value)),
        };
    }

    /// <summary>One entry of the list of tensors.</summary>
    public GgufBytes Tensor(uint type, ulong offset, params ulong[] dimensions)
    {
        Text("weight").UInt32((uint)dimensions.Length);
        foreach (var dimension in dimensions)
            UInt64(dimension);
        return UInt32(type).UInt64(offset);
    }

    public byte[] Bytes => [.. bytes];

    public void WriteTo(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Bytes);
    }

    /// <summary>
    /// A model as llama-gguf-split would leave it: parts that know of each other, each with tensors of its own. No engine's weights, but
    /// everything that can be seen from outside is there.
    /// </summary>
    public static void WriteParts(string folder, string name, int count)
    {
        Directory.CreateDirectory(folder);
        for (var part = 0; part < count; part++)
        {
            using var gguf = new GgufWriter();
            gguf.Add("general.architecture", "llama");
            gguf.Add("split.no", (uint)part);
            gguf.Add("split.count", (uint)count);
            gguf.Add(new GgufTensor($"blk.{part}.weight", TensorType.F32, [64], output => output.Write(new byte[256])));
            using var file = File.Create(Path.Combine(folder, $"{name}-{part + 1:D5}-of-{count:D5}.gguf"));
            gguf.WriteTo(file);
        }
    }
}
