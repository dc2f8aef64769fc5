using System.Text;

namespace LocalMcp.TestModels;

/// <summary>Writes a GGUF file (version 3): metadata, then the list of tensors, then their data, each at a multiple of 32 bytes.</summary>
public sealed class GgufWriter : IDisposable
{
    private const int Alignment = 32;

    private readonly MemoryStream _metadata = new();
    private readonly BinaryWriter _values;
    private readonly List<GgufTensor> _tensors = [];
    private ulong _metadataCount;

    public GgufWriter() => _values = new BinaryWriter(_metadata, Encoding.UTF8, leaveOpen: true);

    private enum ValueType
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Boolean = 7,
        String = 8,
        Array = 9,
    }

    public void Add(string key, uint value)
    {
        BeginValue(key, ValueType.UInt32);
        _values.Write(value);
    }

    public void Add(string key, float value)
    {
        BeginValue(key, ValueType.Float32);
        _values.Write(value);
    }

    public void Add(string key, bool value)
    {
        BeginValue(key, ValueType.Boolean);
        _values.Write(value);
    }

    public void Add(string key, string value)
    {
        BeginValue(key, ValueType.String);
        WriteString(_values, value);
    }

    public void Add(string key, IReadOnlyCollection<string> values)
    {
        BeginArray(key, ValueType.String, values.Count);
        foreach (var value in values) WriteString(_values, value);
    }

    public void Add(string key, IReadOnlyCollection<int> values)
    {
        BeginArray(key, ValueType.Int32, values.Count);
        foreach (var value in values) _values.Write(value);
    }

    public void Add(string key, IReadOnlyCollection<float> values)
    {
        BeginArray(key, ValueType.Float32, values.Count);
        foreach (var value in values) _values.Write(value);
    }

    public void Add(string key, IReadOnlyCollection<bool> values)
    {
        BeginArray(key, ValueType.Boolean, values.Count);
        foreach (var value in values) _values.Write(value);
    }

    public void Add(GgufTensor tensor) => _tensors.Add(tensor);

    /// <summary>Writes the file. The stream need not be seekable.</summary>
    public void WriteTo(Stream output)
    {
        WriteHead(output);
        foreach (var tensor in _tensors)
        {
            tensor.Write(output);
            WritePadding(output, tensor.Bytes);
        }
    }

    /// <summary>
    /// Writes the file without the tensors' data: the file is as long as if it had them, and takes no room where the file system knows sparse files.
    /// Whoever loads it reads zeros.
    /// </summary>
    public void WriteHollowTo(FileStream output)
    {
        WriteHead(output);
        output.SetLength(output.Position + _tensors.Sum(tensor => tensor.Bytes + Padding(tensor.Bytes)));
    }

    public void Dispose()
    {
        _values.Dispose();
        _metadata.Dispose();
    }

    private void WriteHead(Stream output)
    {
        using var head = new MemoryStream();
        using (var writer = new BinaryWriter(head, Encoding.UTF8, leaveOpen: true))
        {
            WriteHead(writer);
        }

        head.WriteTo(output);
        WritePadding(output, head.Length);
    }

    private void WriteHead(BinaryWriter writer)
    {
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write(_metadataCount);
        _values.Flush();
        writer.Write(_metadata.GetBuffer(), 0, (int)_metadata.Length);

        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            WriteString(writer, tensor.Name);
            writer.Write((uint)tensor.Dimensions.Count);
            foreach (var dimension in tensor.Dimensions) writer.Write((ulong)dimension);
            writer.Write((uint)tensor.Type);
            writer.Write((ulong)offset);
            offset += tensor.Bytes + Padding(tensor.Bytes);
        }
    }

    private void BeginValue(string key, ValueType type)
    {
        _metadataCount++;
        WriteString(_values, key);
        _values.Write((uint)type);
    }

    private void BeginArray(string key, ValueType type, int count)
    {
        BeginValue(key, ValueType.Array);
        _values.Write((uint)type);
        _values.Write((ulong)count);
    }

    private static void WriteString(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WritePadding(Stream output, long written) => output.Write(stackalloc byte[Padding(written)]);

    private static int Padding(long length) => (int)((Alignment - (length % Alignment)) % Alignment);
}
