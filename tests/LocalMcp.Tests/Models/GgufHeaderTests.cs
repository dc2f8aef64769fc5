using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models;

public sealed class GgufHeaderTests : IDisposable
{
    private readonly TemporaryHome home = new();

    private string Model => Path.Combine(home.Folder, "model.gguf");

    [Fact]
    public void Reads_what_the_file_says_of_itself()
    {
        ScriptedModel.Write(Model, new Script("Hello.") { ContextLength = 8192, ChatTemplate = ChatTemplates.Qwen3 });
        var header = GgufHeader.Read(Model);
        Assert.Equal(("llama", 8192, "Q4_0", ChatTemplates.Qwen3), (header.Architecture, header.ContextLength, header.Quantization, header.ChatTemplate));
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_or_whole_metadata()
    {
        ScriptedModel.Write(Model, new Script("Hello."));
        var whole = GgufHeader.Read(Model);
        var bytes = File.ReadAllBytes(Model);
        for (var length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(Model, bytes[..length]);
            try
            {
                Assert.Equal(whole, GgufHeader.Read(Model));
            }
            catch (InvalidDataException)
            {
                // The cut was within the metadata.
            }
        }
    }

    [Theory]
    [InlineData("not a model at all, but long enough to be read")]
    [InlineData("GGUF")]
    [InlineData("GGUF\u0003\0\0\0\u0001\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f")]
    public void A_file_that_lies_is_an_error_that_costs_nothing(string content)
    {
        File.WriteAllText(Model, content);
        Assert.Throws<InvalidDataException>(() => GgufHeader.Read(Model));
    }

    public void Dispose() => home.Dispose();
}
