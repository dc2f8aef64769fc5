namespace LocalMcp.Models.Gguf;

/// <summary>The list of tensors: where each begins and how long it is, and so how long the file has to be and what it holds.</summary>
internal static class GgufTensorTable
{
    // The largest models have some thousands, those with experts stored one by one too; each entry takes 24 bytes or more.
    private const ulong MostTensors = 32_768;
    private const ulong LeastEntry = 24;

    // GGML_MAX_DIMS and, rounded up, GGML_MAX_NAME of ggml/include/ggml.h.
    private const uint MostDimensions = 4;
    private const int LongestName = 128;

    /// <summary>Reads so many entries into <paramref name="weights"/>.</summary>
    /// <param name="alignment">Where tensors may begin: at multiples of so many bytes.</param>
    /// <returns>
    /// The end of the last tensor, in bytes from the beginning of the file: a shorter file is cut off. Null when a tensor's type is not known here, so that nothing
    /// can be said.
    /// </returns>
    /// <exception cref="InvalidDataException">The file ends within the table, or the table makes no sense.</exception>
    public static long? Read(GgufReader file, ulong count, uint alignment, TensorTally weights)
    {
        if (count > MostTensors)
            throw GgufReader.Nonsense($"it claims {count:N0} tensors");
        if (count * LeastEntry > file.Left)
            throw GgufReader.CutOff();
        UInt128 end = 0;
        var known = true;
        for (ulong i = 0; i < count; i++)
        {
            if (EntryEnd(file, weights) is { } one)
                end = UInt128.Max(end, one);
            else
                known = false;
        }
        if (!known)
            return null;
        var data = (UInt128)file.Position + (alignment - ((ulong)file.Position % alignment)) % alignment;
        return count == 0 ? file.Position : data + end <= long.MaxValue ? (long)(data + end) : throw GgufReader.Nonsense("tensors beyond any file");
    }

    // Within the data that follows the table; null for an unknown type.
    private static UInt128? EntryEnd(GgufReader file, TensorTally weights)
    {
        Span<byte> name = stackalloc byte[LongestName];
        name = name[..file.ShortText(name)];
        var shape = Shape(file);
        var type = GgufTensorType.Of(file.UInt32());
        var offset = file.UInt64();
        if (type is not null && shape.Row % type.Numbers != 0)
            throw GgufReader.Nonsense($"rows of {shape.Row:N0} numbers in blocks of {type.Numbers}");
        weights.Add(name, type, shape.Numbers, shape.Last);
        return type is null ? null : (UInt128)offset + shape.Numbers / type.Numbers * type.Bytes;
    }

    private static (ulong Row, ulong Last, ulong Numbers) Shape(GgufReader file)
    {
        var dimensions = file.UInt32();
        if (dimensions > MostDimensions)
            throw GgufReader.Nonsense($"a tensor of {dimensions:N0} dimensions");
        var (row, last, numbers) = (1UL, 1UL, (UInt128)1);
        for (uint i = 0; i < dimensions; i++)
        {
            last = file.UInt64();
            row = i == 0 ? last : row;
            numbers *= last;
            if (numbers > long.MaxValue)
                throw GgufReader.Nonsense("a tensor larger than any file");
        }
        return (row, last, (ulong)numbers);
    }
}
