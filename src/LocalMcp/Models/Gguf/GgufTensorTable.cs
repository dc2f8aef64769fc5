namespace LocalMcp.Models.Gguf;

/// <summary>The list of tensors: where each begins and how long it is, and so how long the file has to be.</summary>
internal static class GgufTensorTable
{
    // Experts stored one by one make some thousands; each entry takes 24 bytes or more.
    private const ulong MostTensors = 1_000_000;
    private const ulong LeastEntry = 24;

    // GGML_MAX_DIMS of ggml/include/ggml.h.
    private const uint MostDimensions = 4;

    /// <summary>
    /// The end of the last tensor, in bytes from the beginning of the file: a shorter file is cut off. Null when a tensor's type is not
    /// known here, so that nothing can be said.
    /// </summary>
    /// <param name="alignment">Where tensors may begin: at multiples of so many bytes.</param>
    /// <exception cref="InvalidDataException">The file ends within the table, or the table makes no sense.</exception>
    public static long? End(GgufReader file, ulong count, uint alignment)
    {
        if (count > MostTensors)
            throw GgufReader.Nonsense($"it claims {count:N0} tensors");
        if (count * LeastEntry > file.Left)
            throw GgufReader.CutOff();
        UInt128 end = 0;
        var known = true;
        for (ulong i = 0; i < count; i++)
        {
            if (EntryEnd(file) is { } one)
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
    private static UInt128? EntryEnd(GgufReader file)
    {
        file.SkipText();
        var (row, numbers) = Shape(file);
        var type = file.UInt32();
        var offset = file.UInt64();
        if (GgufTensorType.Block(type) is not { } block)
            return null;
        return row % block.Numbers == 0
            ? offset + numbers / block.Numbers * block.Bytes
            : throw GgufReader.Nonsense($"rows of {row:N0} numbers in blocks of {block.Numbers}");
    }

    private static (ulong Row, UInt128 Numbers) Shape(GgufReader file)
    {
        var dimensions = file.UInt32();
        if (dimensions > MostDimensions)
            throw GgufReader.Nonsense($"a tensor of {dimensions:N0} dimensions");
        var (row, numbers) = (1UL, (UInt128)1);
        for (uint i = 0; i < dimensions; i++)
        {
            var length = file.UInt64();
            row = i == 0 ? length : row;
            numbers *= length;
            if (numbers > long.MaxValue)
                throw GgufReader.Nonsense("a tensor larger than any file");
        }
        return (row, numbers);
    }
}
