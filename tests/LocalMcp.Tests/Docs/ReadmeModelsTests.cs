using System.Globalization;
using System.Text;
using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Docs;

/// <summary>The README's table of models is what <c>local-mcp recommend</c> says for such machines. When the catalog changes on purpose, run with UPDATE_SNAPSHOTS=1.</summary>
public sealed class ReadmeModelsTests
{
    private const string Begin = "<!-- models -->\n";
    private const string End = "<!-- /models -->";
    private const long Gibibyte = 1L << 30;

    // By default macOS lets the GPU have two thirds of the memory up to 36 GB, and three quarters above.
    private static readonly (int Memory, string Chip, double Bandwidth)[] Macs = [(8, "M1", 68.25), (16, "M4", 120), (32, "M5", 153), (64, "M4 Max", 546), (128, "M5 Max", 614)];

    private static readonly string Readme = Path.Combine(Repository.Root, "README.md");

    [Fact]
    public void Which_model_it_names_for_a_size_of_memory_is_what_recommend_says()
    {
        var text = File.ReadAllText(Readme);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Readme, text[..start] + Table() + text[end..]);
        else
            Assert.Equal(Table(), text[start..end]);
    }

    private static string Table()
    {
        var catalog = ModelCatalog.Load(new Settings());
        var table = new StringBuilder("| memory | for example | quick answers | everyday | review and refactoring |\n|---|---|---|---|---|\n");
        foreach (var (memory, chip, bandwidth) in Macs)
        {
            var machine = new MachineProfile(memory * Gibibyte, null, null)
            {
                Chip = $"Apple {chip}",
                IsUnifiedMemory = true,
                GpuWorkingSet = memory * Gibibyte / 12 * (memory <= 36 ? 8 : 9),
                Bandwidth = new Bandwidth((long)(bandwidth * 1e9), "Apple"),
            };
            var cells = Enum.GetValues<Goal>().Select(goal => Cell(Recommendation.For(goal, catalog, machine, new Settings())));
            table.Append(CultureInfo.InvariantCulture, $"| {memory} GB | Mac, {chip} | {string.Join(" | ", cells)} |\n");
        }
        return table.ToString();
    }

    private static string Cell(Recommendation? found) =>
        found is null ? "nothing of the catalog" : $"`{found.Choice.Name}`: {FitVerdict.Bytes(found.Fit.Need.Total ?? 0)}, {(found.Speed is { } speed ? speed.Words : "speed unknown")}";
}
