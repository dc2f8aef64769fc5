using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Gguf;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models.Fit;

public sealed class MemoryNeedTests
{
    private const double Mebibyte = 1024 * 1024;

    public static TheoryData<string> Models => [.. RealModel.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task What_a_model_will_take_is_what_the_engine_says_before_it_loads_it(string name)
    {
        var engine = RealEngine.Require();
        using var home = new TemporaryHome();
        var (file, model) = (Path.Combine(home.Folder, "m.gguf"), RealModel.Named(name));
        RandomModel.Write(file, model.Shape, TensorType.Q4_0, 1, model.Architecture, hollow: true);
        var shape = GgufHeader.Read(file).Shape;
        Serving[] servings = [new(4_096, 4), new(32_768, 1, "q8_0"), new(16_384) { FlashAttention = false }, new(16_384, 2, "q8_0") { Batch = 32 }];
        foreach (var serving in servings)
        {
            var cache = shape.KeyLength % 32 == 0 ? serving.Cache : "f16";
            var report = await EngineReport.OfAsync(engine, file, home.Folder, [.. Flags(serving with { Cache = cache })]);
            Compare($"{name} {serving}", report, shape, serving with { Cache = cache });
        }
    }

    [Fact]
    public void Ollama_says_the_same_of_a_model_that_it_has_loaded()
    {
        using var home = new TemporaryHome();
        var file = Path.Combine(home.Folder, "m.gguf");
        RandomModel.Write(file, RandomShape.Named("1.5B"), TensorType.Q8_0, 1, RandomArchitecture.Qwen2, hollow: true);
        // /api/ps of a real Ollama 0.33 that had loaded this model with its default context, on a processor: 1,833,665,822 bytes.
        var need = MemoryNeed.Of(GgufHeader.Read(file).Shape, new Serving(4_096));
        Assert.InRange(need.Total!.Value, 1_833_665_822 * 0.99, 1_833_665_822 * 1.01);
    }

    private static void Compare(string what, EngineReport report, ModelShape shape, Serving serving)
    {
        var need = MemoryNeed.Of(shape, serving);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: cache {need.Cache / Mebibyte:0.00} for {report.Cache + report.Recurrent:0.00}, buffers {need.Compute / Mebibyte:0.0} for {report.Compute:0.0}"));
        Assert.NotNull(need.Total);
        Assert.InRange(need.Cache!.Value / Mebibyte, (report.Cache + report.Recurrent) * 0.995 - 0.1, (report.Cache + report.Recurrent) * 1.005 + 0.1);
        Assert.InRange(need.Compute!.Value / Mebibyte, report.Compute - 48, report.Compute + 48);
    }

    private static IEnumerable<string> Flags(Serving serving) =>
    [
        "--ctx-size", (serving.Context * serving.Slots).ToString(CultureInfo.InvariantCulture),
        "--parallel", serving.Slots.ToString(CultureInfo.InvariantCulture),
        "--batch-size", serving.Batch.ToString(CultureInfo.InvariantCulture), "--ubatch-size", serving.Batch.ToString(CultureInfo.InvariantCulture),
        "--no-kv-unified", "--flash-attn", serving.FlashAttention ? "on" : "off", "--cache-type-k", serving.Cache, "--cache-type-v", serving.Cache,
    ];
}
