using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.TestModels;

public sealed class RandomModelTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public static TheoryData<string> Architectures => [.. RandomArchitecture.All.Select(architecture => architecture.Name)];

    public static TheoryData<TensorType> Types => [.. Enum.GetValues<TensorType>()];

    public static TheoryData<string> RealModels => [.. RealModel.All.Select(model => model.Name)];

    private string Model => Path.Combine(home.Folder, "model.gguf");

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task A_real_engine_loads_the_architecture_and_answers(string name)
    {
        var architecture = RandomArchitecture.Named(name);
        RandomModel.Write(Model, architecture.Sample, architecture: architecture);
        await using var server = await OneModelServer.LoadAsync(Model);
        Assert.Equal(4, await server.TokensOfAnswerAsync(4));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_real_engine_loads_the_type_and_answers(TensorType type)
    {
        RandomModel.Write(Model, RandomArchitecture.GptOss.Sample, type, architecture: RandomArchitecture.GptOss);
        await using var server = await OneModelServer.LoadAsync(Model);
        Assert.Equal(4, await server.TokensOfAnswerAsync(4));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_same_arguments_give_the_same_bytes_and_another_seed_gives_others(string name)
    {
        var architecture = RandomArchitecture.Named(name);
        var (once, again, other) = (Bytes(1), Bytes(1), Bytes(2));
        Assert.Equal(once, again);
        Assert.NotEqual(once, other);

        byte[] Bytes(ulong seed)
        {
            RandomModel.Write(Model, architecture.Sample, TensorType.Q4_K, seed, architecture);
            return File.ReadAllBytes(Model);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_hollow_model_is_as_long_as_the_whole_one_and_begins_as_it_does(TensorType type)
    {
        var architecture = RandomArchitecture.Qwen35Moe;
        var whole = Path.Combine(home.Folder, "whole.gguf");
        RandomModel.Write(whole, architecture.Sample, type, architecture: architecture);
        RandomModel.Write(Model, architecture.Sample, type, architecture: architecture, hollow: true);
        Assert.Equal(new FileInfo(whole).Length, new FileInfo(Model).Length);
        Assert.Equivalent(GgufHeader.Read(whole).Shape, GgufHeader.Read(Model).Shape, strict: true);
        Assert.NotEqual(File.ReadAllBytes(whole), File.ReadAllBytes(Model));
    }

    [Theory]
    [MemberData(nameof(RealModels))]
    public void A_real_models_shape_can_be_written_hollow(string name)
    {
        var model = RealModel.Named(name);
        RandomModel.Write(Model, model.Shape, TensorType.Q4_K, architecture: model.Architecture, hollow: true);
        var header = GgufHeader.Read(Model);
        Assert.Equal((model.Architecture.Name, "Q4_K_M"), (header.Architecture, header.Quantization));
        Assert.InRange(new FileInfo(Model).Length, 500_000_000, 100_000_000_000);
    }

    public void Dispose() => home.Dispose();
}
