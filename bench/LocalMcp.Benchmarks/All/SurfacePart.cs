using System.Text.Json;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>What every session of a client pays before it has asked anything: the tools and the instructions, in characters.</summary>
internal sealed class SurfacePart : IPart
{
    private static readonly RowHead Surface = new("surface", "tools/list and instructions, five tools", "–", Measure.Value, RowHead.Characters, Limit.NoMoreThan(3_999));

    public string Name => "surface";

    public IReadOnlyList<RowHead> Rows => [Surface];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        await using var home = new BenchHome(engine: null);
        await using var session = await BenchSession.StartAsync(home, cancellationToken);
        var tools = await session.ListToolsAsync(cancellationToken);
        var instructions = session.Handshake.TryGetProperty("instructions", out var said) ? said.GetString()!.Length : 0;
        using var list = JsonDocument.Parse(tools);
        var names = list.RootElement.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString());
        return Measured.Of(Surface.Of(Spread.Of([tools.Length + instructions]), $"tools/list {tools.Length:N0} as it goes over the wire, instructions {instructions:N0}", $"tools: {string.Join(", ", names)}"));
    }
}
