namespace LocalMcp.Models.Gguf;

/// <summary>
/// What a GGUF file says of itself. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Reading costs milliseconds,
/// whatever the file claims.
/// </summary>
internal sealed record GgufHeader
{
    private const uint Magic = 0x46554747;
    private const uint GitLfsPointer = 0x73726576;
    private const int DefaultAlignment = 32;

    /// <summary>As llama.cpp names it: llama, qwen3moe …</summary>
    public string? Architecture { get; private init; }

    /// <summary><c>general.type</c>: model, adapter, imatrix, mmproj; null in older files.</summary>
    public string? Type { get; private init; }

    /// <summary>Context length that it was trained for, in tokens.</summary>
    public int? ContextLength { get; private init; }

    /// <summary>Q4_K_M, F16 …: of this file.</summary>
    public string? Quantization => GgufFileType.Name(Metadata, Weights);

    public string? ChatTemplate { get; private init; }

    /// <summary>Whether it makes one vector of a text instead of an answer: an embedding or ranking model on a chat model's architecture.</summary>
    public bool Pools { get; private init; }

    /// <summary>Which part of <see cref="Parts"/> it is, from 1.</summary>
    public int Part { get; private init; }

    /// <summary>How many files the model is split into; 1 for a whole one.</summary>
    public int Parts { get; private init; }

    /// <summary>How many tensors this file holds.</summary>
    public long Tensors { get; private init; }

    /// <summary>How long the file has to be for its tensors, in bytes; null when a tensor's type is not known here.</summary>
    public long? Extent { get; private init; }

    /// <summary>All that it says of itself and is kept.</summary>
    public required GgufMetadata Metadata { get; init; }

    /// <summary>What the tensors of this file add up to.</summary>
    public required TensorTally Weights { get; init; }

    /// <summary>How the model is built, from this file alone.</summary>
    public ModelShape Shape => GgufShape.Of(Metadata, Weights, ChatTemplate);

    /// <summary>Reads the header: metadata and list of tensors.</summary>
    /// <exception cref="InvalidDataException">It is not a GGUF file of version 2 or 3, or its header is broken. The message is a short phrase.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    public static GgufHeader Read(string path)
    {
        using var file = new GgufReader(path);
        return Read(file);
    }

    /// <summary>Reads the header from a source that has been opened. It may read 64 KiB beyond it.</summary>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static GgufHeader Read(GgufReader file)
    {
        CheckBeginning(file);
        var tensors = file.UInt64();
        var metadata = GgufMetadataReader.Read(file, file.UInt64());
        var weights = new TensorTally();
        var extent = GgufTensorTable.Read(file, tensors, Alignment(metadata), weights);
        return Of(metadata, weights) with { Tensors = weights.Count, Extent = extent };
    }

    private static GgufHeader Of(GgufMetadata metadata, TensorTally weights)
    {
        var architecture = metadata.Text("general.architecture");
        return new GgufHeader
        {
            Architecture = architecture,
            Type = metadata.Text("general.type"),
            ContextLength = metadata.Number($"{architecture}.context_length") is > 0 and var context ? context : null,
            ChatTemplate = metadata.Text("tokenizer.chat_template"),
            Pools = metadata.Number($"{architecture}.pooling_type") is > 0,
            Part = (metadata.Number("split.no") ?? 0) + 1,
            Parts = Math.Max(1, metadata.Number("split.count") ?? 1),
            Metadata = metadata,
            Weights = weights,
        };
    }

    private static void CheckBeginning(GgufReader file)
    {
        if (file.Length == 0)
            throw new InvalidDataException("the file is empty");
        var magic = file.Length < 4 ? 0 : file.UInt32();
        if (magic != Magic)
            throw new InvalidDataException(magic == GitLfsPointer ? "a Git LFS pointer in place of the file" : "no GGUF file");
        var version = file.UInt32();
        if ((version & 0xFFFF) == 0)
            throw new InvalidDataException("big-endian, made for another kind of machine");
        if (version is not (2 or 3))
            throw new InvalidDataException($"GGUF version {version} is not known");
    }

    // llama.cpp refuses any other than a power of two.
    private static uint Alignment(GgufMetadata metadata) =>
        metadata.Number("general.alignment") is not { } alignment ? DefaultAlignment
        : int.IsPow2(alignment) ? (uint)alignment
        : throw GgufReader.Nonsense($"an alignment of {alignment}");
}
