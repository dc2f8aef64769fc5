using System.Diagnostics;
using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

public sealed class GgufHeaderTests : IDisposable
{
    private const ulong Huge = ulong.MaxValue / 3;
    private readonly TemporaryHome home = new();

    private string Model => Path.Combine(home.Folder, "model.gguf");

    [Fact]
    public void Reads_what_the_file_says_of_itself()
    {
        ScriptedModel.Write(Model, new Script("Hello.") { ContextLength = 8192, ChatTemplate = ChatTemplates.Qwen3 });
        var header = GgufHeader.Read(Model);
        Assert.Equal(("llama", "model", 8192, "Q4_0", ChatTemplates.Qwen3), (header.Architecture, header.Type, header.ContextLength, header.Quantization, header.ChatTemplate));
        Assert.Equal((1, 1, false), (header.Part, header.Parts, header.Pools));
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_or_the_whole_header()
    {
        ScriptedModel.Write(Model, new Script("Hello."));
        var whole = GgufHeader.Read(Model);
        var bytes = File.ReadAllBytes(Model);
        for (var length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(Model, bytes[..length]);
            try
            {
                Assert.Equal(Facts(whole), Facts(GgufHeader.Read(Model)));
            }
            catch (InvalidDataException)
            {
                // The cut was within the header.
            }
        }
    }

    [Fact]
    public void A_file_with_bytes_gone_wrong_is_read_or_refused_and_nothing_else()
    {
        RandomModel.Write(Model, new RandomShape(2, 64, 2, 1, 64, 512));
        var sound = File.ReadAllBytes(Model);
        var random = new Random(1);
        for (var round = 0; round < 1000; round++)
        {
            var bytes = (byte[])sound.Clone();
            for (var wrong = 0; wrong < 3; wrong++)
                bytes[random.Next(4, 20_000)] = (byte)random.Next(256);
            File.WriteAllBytes(Model, bytes);
            var verdict = GgufVerdict.Of(new FileInfo(Model));
            Assert.True(verdict.Header is not null || verdict.Broken is not null);
        }
    }

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q8_0)]
    public void The_last_tensor_ends_where_the_file_ends(TensorType type)
    {
        RandomModel.Write(Model, new RandomShape(1, 64, 2, 1, 64, 512), type);
        Assert.Equal(new FileInfo(Model).Length, GgufHeader.Read(Model).Extent);
    }

    [Fact]
    public void A_file_without_the_last_byte_of_its_weights_is_broken_and_its_facts_are_known()
    {
        ScriptedModel.Write(Model, new Script("Hello."));
        var length = new FileInfo(Model).Length;
        using (var file = File.OpenWrite(Model))
            file.SetLength(length - 1);
        var verdict = GgufVerdict.Of(new FileInfo(Model));
        Assert.Equal($"holds {length - 1:N0} of {length:N0} bytes", verdict.Broken);
        Assert.Equal("Q4_0", verdict.Header?.Quantization);
    }

    [Fact]
    public void A_tensor_type_from_the_future_is_not_held_against_a_file()
    {
        new GgufBytes(2, 0).Tensor(77, 0, 1 << 20).Tensor(0, 1 << 20, 64).WriteTo(Model);
        Assert.Null(GgufHeader.Read(Model).Extent);
        Assert.Null(GgufVerdict.Of(new FileInfo(Model)).Broken);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_file_that_lies_is_an_error_that_costs_nothing(string lie, byte[] bytes, string reason)
    {
        // What follows is there to be walked through, for whoever believes the lie.
        File.WriteAllBytes(Model, bytes);
        using (var file = File.OpenWrite(Model))
            file.SetLength(1L << 30);
        GgufVerdict.Of(new FileInfo(Model));
        var (allocated, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var verdict = GgufVerdict.Of(new FileInfo(Model));
        var cost = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(verdict.Broken == reason, $"{lie}: {verdict.Broken}");
        Assert.InRange(cost, 0, 4_000_000);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    public static TheoryData<string, byte[], string> Lies => new()
    {
        { "too many tensors", new GgufBytes(Huge, 0).Bytes, $"the header makes no sense: it claims {Huge:N0} tensors" },
        { "too many entries", new GgufBytes(0, Huge).Bytes, $"the header makes no sense: it claims {Huge:N0} entries" },
        { "a long key", new GgufBytes(0, 1).UInt64(Huge).Bytes, "the header makes no sense: a text longer than any file" },
        { "a long text", new GgufBytes(0, 1).Text("general.architecture").UInt32(8).UInt64(Huge).Bytes, "the header makes no sense: a text longer than any file" },
        { "a long list of texts", new GgufBytes(0, 1).Text("tokens").UInt32(9).UInt32(8).UInt64(100_000_000).Bytes, "the header makes no sense: a list of 100,000,000 texts" },
        { "a key that comes twice", GgufBytes.Describing(("general.alignment", 32), ("general.alignment", 64)).Bytes, "the header makes no sense: a key that comes twice" },
        { "an endless list of texts", new GgufBytes(0, 1).Text("tokens").UInt32(9).UInt32(8).UInt64(Huge).Bytes, "the header is cut off" },
        { "an endless list of numbers", new GgufBytes(0, 1).Text("scores").UInt32(9).UInt32(12).UInt64(Huge).Bytes, "the header is cut off" },
        { "a long list of numbers", new GgufBytes(0, 1).Text("scores").UInt32(9).UInt32(6).UInt64(1 << 27).Bytes, "the header makes no sense: it is longer than any header" },
        { "an unknown value", new GgufBytes(0, 1).Text("key").UInt32(77).Bytes, "the header makes no sense: a value of type 77" },
        { "a list of lists", new GgufBytes(0, 1).Text("key").UInt32(9).UInt32(9).UInt64(1).Bytes, "the header makes no sense: a value of type 9" },
        { "many dimensions", new GgufBytes(1, 0).Text("weight").UInt32(5).Bytes, "the header makes no sense: a tensor of 5 dimensions" },
        { "an overflow of dimensions", new GgufBytes(1, 0).Tensor(0, 0, 1UL << 32, 1UL << 32).Bytes, "the header makes no sense: a tensor larger than any file" },
        { "an overflow of offsets", new GgufBytes(1, 0).Tensor(0, ulong.MaxValue, 64).Bytes, "the header makes no sense: tensors beyond any file" },
        { "an uneven row", new GgufBytes(1, 0).Tensor(2, 0, 33).Bytes, "the header makes no sense: rows of 33 numbers in blocks of 32" },
        { "an alignment of nothing", GgufBytes.Describing(("general.alignment", 0)).Bytes, "the header makes no sense: an alignment of 0" },
        { "an offset into nowhere", new GgufBytes(1, 0).Tensor(0, 1UL << 40, 64).Bytes, "holds 1.1 GB of 1099.5 GB" },
        { "another version", new GgufBytes(0, 0, version: 9).Bytes, "GGUF version 9 is not known" },
        { "the first version", new GgufBytes(0, 0, version: 1).Bytes, "GGUF version 1 is not known" },
        { "the other end first", new GgufBytes(0, 0, version: 0x03000000).Bytes, "big-endian, made for another kind of machine" },
        { "a page of the web", "<!doctype html>"u8.ToArray(), "no GGUF file" },
        { "a pointer", "version https://git-lfs.github.com/spec/v1"u8.ToArray(), "a Git LFS pointer in place of the file" },
    };

    [Theory]
    [InlineData("")]
    [InlineData("GGU")]
    [InlineData("GGUF")]
    [InlineData("GGUF\u0003\0\0\0\u0001\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f")]
    public void A_file_of_a_few_bytes_is_an_error(string content)
    {
        File.WriteAllText(Model, content);
        Assert.Throws<InvalidDataException>(() => GgufHeader.Read(Model));
    }

    [Fact]
    public void A_template_longer_than_any_is_passed_over()
    {
        GgufBytes.Describing(("tokenizer.chat_template", new string('x', 2_000_000)), ("general.architecture", "llama"), ("llama.context_length", 512)).WriteTo(Model);
        var header = GgufHeader.Read(Model);
        Assert.Equal((null, 512), (header.ChatTemplate, header.ContextLength));
    }

    public void Dispose() => home.Dispose();

    private static (string?, int?, string?, string?, long?, long?, long) Facts(GgufHeader header) =>
        (header.Architecture, header.ContextLength, header.Quantization, header.ChatTemplate, header.Extent, header.Shape.Parameters, header.Tensors);
}
