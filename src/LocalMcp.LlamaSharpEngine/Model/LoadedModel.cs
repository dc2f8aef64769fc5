using System.Text;
using LLama;
using LLama.Common;
using LLama.Exceptions;
using LLama.Extensions;
using LLama.Native;
using LocalMcp.LlamaSharpEngine.Cli;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>A model in memory with its one context, which all slots share.</summary>
internal sealed class LoadedModel
{
    private readonly LLamaWeights weights;

    private LoadedModel(LLamaWeights weights, SafeLLamaContextHandle context, int slotContext)
    {
        this.weights = weights;
        Context = context;
        SlotContext = slotContext;
        Memory = new KvMemory(context);
    }

    public SafeLLamaContextHandle Context { get; }

    public KvMemory Memory { get; }

    /// <summary>Tokens that one slot may hold.</summary>
    public int SlotContext { get; }

    public int TrainedContext => weights.ContextSize;

    public long SizeBytes => (long)weights.SizeInBytes;

    public long Parameters => (long)weights.ParameterCount;

    public int Words => weights.Vocab.Count;

    /// <summary>The model's own chat template, or null.</summary>
    public string? ChatTemplate => weights.NativeHandle.GetTemplate(strict: false);

    /// <exception cref="LoadException">It cannot be served.</exception>
    public static async Task<LoadedModel> LoadAsync(EngineOptions options, IProgress<float> progress)
    {
        NativeLibraries.Load();
        var settings = Settings(options);
        var weights = await ReadAsync(settings, progress);
        var total = options.ContextSize > 0 ? options.ContextSize : weights.ContextSize;
        settings.ContextSize = (uint)total;
        var slotContext = total / options.Parallel;
        if (slotContext < 2)
            throw new LoadException($"error: a context of {total} tokens is too small for {options.Parallel} slots. Raise --ctx-size.");
        var model = new LoadedModel(weights, Open(weights, settings), slotContext);
        model.Memory.Try();
        return model;
    }

    /// <summary>Tokens of a prompt whose markers count as what they stand for.</summary>
    public LLamaToken[] Tokenize(string prompt)
    {
        var tokens = weights.Tokenize(prompt, add_bos: true, special: true, Encoding.UTF8);
        // Some templates write the beginning themselves.
        return tokens.Length > 1 && tokens[0] == tokens[1] && weights.Vocab.BOS == tokens[0] ? tokens[1..] : tokens;
    }

    /// <summary>Any of the tokens that end an answer: a model may have several.</summary>
    public bool IsEnd(LLamaToken token) => token.IsEndOfGeneration(weights.Vocab);

    /// <summary>The bytes that a token stands for; markers stand for none.</summary>
    public ReadOnlySpan<byte> Bytes(LLamaToken token)
    {
        var room = new byte[64];
        var length = (int)weights.NativeHandle.TokenToSpan(token, room);
        if (length > room.Length)
            length = (int)weights.NativeHandle.TokenToSpan(token, room = new byte[length]);
        return room.AsSpan(0, length);
    }

    private static ModelParams Settings(EngineOptions options) => new(options.Model)
    {
        ContextSize = (uint)options.ContextSize,
        SeqMax = (uint)options.Parallel,
        BatchSize = (uint)options.BatchSize,
        UBatchSize = (uint)Math.Min(options.BatchSize, 512),
        Threads = options.Threads,
        BatchThreads = options.Threads,
        GpuLayerCount = options.GpuLayers,
        TypeK = options.KeyType,
        TypeV = options.ValueType,
        FlashAttention = options.FlashAttention,
        // One pool of cells, so that slots can share a prefix. All cells of sliding windows, so that a slot can go back to one.
        KVUnified = true,
        SwaFull = true,
    };

    private static async Task<LLamaWeights> ReadAsync(ModelParams settings, IProgress<float> progress)
    {
        try
        {
            var weights = await LLamaWeights.LoadFromFileAsync(settings, progressReporter: progress);
            if (weights.NativeHandle.IsInvalid)
                throw new LoadException($"error: {settings.ModelPath} could not be loaded. Check that it is a whole GGUF model and that it fits into memory.");
            return Checked(weights, settings.ModelPath);
        }
        catch (Exception failed) when (failed is RuntimeError or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new LoadException($"error: {settings.ModelPath} could not be loaded: {failed.Message.ReplaceLineEndings(" ")} Check that it is a whole GGUF model and that it fits into memory.");
        }
    }

    // What these lack would end the process at the first question.
    private static LLamaWeights Checked(LLamaWeights weights, string path) => weights switch
    {
        { Vocab.Count: <= 0 } or { Vocab.Type: LLamaVocabType.None } => throw new LoadException($"error: {path} has no vocabulary, so it cannot read or write text. Choose a chat model."),
        { NativeHandle: { HasEncoder: true } or { HasDecoder: false } or { IsDiffusion: true } } => throw new LoadException($"error: {path} is no model that writes text from left to right. Choose a chat model."),
        _ => weights,
    };

    private static SafeLLamaContextHandle Open(LLamaWeights weights, ModelParams settings)
    {
        settings.ToLlamaContextParams(out var native);
        native.abort_callback = AbortSwitch.Callback;
        var context = SafeLLamaContextHandle.Create(weights.NativeHandle, native);
        return context.IsInvalid
            ? throw new LoadException($"error: a context of {settings.ContextSize} tokens could not be made for {settings.ModelPath}; most likely it does not fit into memory. Lower --ctx-size, or choose a smaller model.")
            : context;
    }
}
