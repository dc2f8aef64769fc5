using LocalMcp.Backends;
using LocalMcp.Chat;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models;

/// <summary>The one table: what each cell says, where it is known from, and when there is advice.</summary>
public sealed class MenuTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    [Fact]
    public void The_columns_are_in_one_order_and_the_active_model_is_marked_before_its_number()
    {
        var table = Table(Shapes.Mac, "ollama/coder", Model("coder") with { Shape = Shapes.Coder, ContextLength = 4_096, Loaded = true }, Model("other"));
        Assert.Matches("^  #  model +memory +speed +context +backend +state +for\n● 1  coder .*\n  2  other ", table);
    }

    [Fact]
    public void Memory_speed_and_use_of_a_model_of_which_a_server_says_only_the_name_come_from_the_catalog()
    {
        var entry = Assert.Single(Menu(Shapes.Mac, null, Model("Qwen2.5-Coder-14B-Instruct-Q4_K_M", "omlx") with { SizeBytes = null, TrainedContext = 32_768 }).Entries);
        Assert.Equal(9_020_000_000, entry.Fit!.Need.Weights);
        Assert.NotNull(entry.Fit.Need.Total);
        var row = MenuText.Row(entry);
        Assert.Matches(@"^12\.\d of 28\.4 GB tight$", row[2]);
        Assert.Matches(@"^1\d tok/s est\.$", row[3]);
        Assert.Equal(["up to 32k", "omlx", "–"], row.Skip(4).Take(3));
        Assert.StartsWith("speed: ", row[7], StringComparison.Ordinal);
        Assert.False(row[7].EndsWith('.'));
    }

    [Fact]
    public void What_a_server_says_goes_before_what_the_catalog_knows()
    {
        var entry = Assert.Single(Menu(Shapes.Mac, null, Model("Qwen2.5-Coder-14B-Instruct-Q4_K_M") with { SizeBytes = 8 * Gigabyte, Shape = Shapes.Coder with { Layers = 1, Cache = [new LayerCache(1, 32, 32, null)] } }).Entries);
        Assert.Equal((8 * Gigabyte, 1), (entry.Fit!.Need.Weights, entry.Shape.Layers));
    }

    [Fact]
    public void A_measured_speed_takes_the_place_of_an_estimated_one()
    {
        var model = Model("coder") with { Shape = Shapes.Coder with { ActiveBytes = 9 * Gigabyte } };
        Assert.Equal("11 tok/s est.", MenuText.Row(Assert.Single(Menu(Shapes.Mac, null, model).Entries))[3]);
        var measured = new SpeedBook([new MeasuredSpeed(SpeedKey.Of(model, "http://127.0.0.1:1", "Apple M5"), [16], [], 1, DateTimeOffset.UnixEpoch)]);
        Assert.Equal("16 tok/s measured", MenuText.Row(Assert.Single(Menu(Shapes.Mac, null, [model], measured).Entries))[3]);
        Assert.Equal("11 tok/s est.", MenuText.Row(Assert.Single(Menu(Shapes.Mac with { Chip = "Apple M6" }, null, [model], measured).Entries))[3]);
    }

    [Fact]
    public void A_model_on_another_host_has_its_size_and_no_verdict_and_what_is_loaded_there_takes_nothing_here()
    {
        var there = Model("coder", "far") with { Shape = Shapes.Coder, Loaded = true, ResidentBytes = 100 * Gigabyte };
        var here = Model("coder", "ollama") with { Shape = Shapes.Coder };
        var menu = MenuMaker.Of(Listing([there, here], name => name == "far" ? "http://192.168.7.7:11434" : "http://127.0.0.1:1"), null, Shapes.Mac, new Settings(), new SpeedBook([]), Catalog);
        Assert.Equal(("–", "–"), (MenuText.Row(menu.Entries[0])[2], MenuText.Row(menu.Entries[0])[3]));
        Assert.Equal(Shapes.Mac.MostForModels, menu.Entries[1].Fit!.Budget.Free);
    }

    [Theory]
    [InlineData("http://127.0.0.1:11434", true)]
    [InlineData("http://localhost:1234", true)]
    [InlineData("http://[::1]:1234", true)]
    [InlineData("/usr/bin/llama-server", true)]
    [InlineData("llama-server", true)]
    [InlineData("http://192.168.7.7:11434", false)]
    [InlineData("https://models.example", false)]
    public void Only_what_runs_here_is_judged_by_this_machine(string where, bool here) =>
        Assert.Equal(here, MenuMaker.Of(Listing([Model("a")], _ => where), null, Shapes.Pc, new Settings(), new SpeedBook([]), Catalog).Entries[0].Fit is not null);

    [Fact]
    public void A_model_that_is_passed_on_and_a_broken_one_have_no_verdict()
    {
        var menu = Menu(Shapes.Pc, null, Model("cloud") with { RemoteHost = "ollama.com" }, Model("half") with { Broken = "part 2 of 3 is missing" });
        Assert.All(menu.Entries, entry => Assert.Equal((null, null), (entry.Fit, entry.Speed)));
        Assert.Equal(["runs at ollama.com, refused", "broken: part 2 of 3 is missing"], menu.Entries.Select(entry => MenuText.Row(entry)[6]));
    }

    [Fact]
    public void What_a_hostile_file_claims_is_not_computed_with()
    {
        ModelShape[] hostile =
        [
            Shapes.Coder with { Layers = -1 },
            Shapes.Coder with { Parameters = long.MaxValue },
            Shapes.Coder with { EmbeddingLength = int.MaxValue },
            Shapes.Coder with { Cache = [new LayerCache(int.MaxValue, long.MaxValue, 1, null)] },
            Shapes.Coder with { Cache = [new LayerCache(48, 1_024, 1_024, -5)] },
            Shapes.Coder with { RecurrentElements = long.MinValue },
        ];
        Assert.All(hostile, shape => Assert.Equal((null, 9 * Gigabyte), (Assert.Single(Menu(Shapes.Pc, null, Model("m") with { Shape = shape }).Entries) is var entry ? entry.Fit!.Need.Cache : 0, entry.Fit!.Need.Weights)));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-9_000_000_000)]
    public void A_size_that_no_model_has_is_not_computed_with(long size)
    {
        var menu = Menu(Shapes.Mac with { AvailableMemory = 20 * Gigabyte }, null, Model("a") with { SizeBytes = size, Shape = Shapes.Coder }, Model("b") with { Loaded = true, ResidentBytes = size }, Model("c") with { Loaded = true, ResidentBytes = size });
        Assert.Equal((9 * Gigabyte, Verdict.Fits), (menu.Entries[0].Fit!.Need.Weights, menu.Entries[0].Fit!.Fit));
    }

    [Fact]
    public void The_context_is_what_the_engine_will_give_what_is_served_or_what_could_be()
    {
        var engine = Model("coder", "engine") with { ContextLength = 16_384, TrainedContext = 32_768, Shape = Shapes.Coder };
        var menu = Menu(Shapes.Pc with { AvailableMemory = 13 * Gigabyte }, null, engine, Model("served") with { ContextLength = 32_768 }, Model("odd") with { ContextLength = 40_000 }, Model("could") with { TrainedContext = 131_072 }, Model("none"));
        var contexts = menu.Entries.Select(entry => MenuText.Row(entry)[4]).ToList();
        Assert.Matches("^[67]k$", contexts[0]);
        Assert.Equal(["32k", "40,000", "up to 128k", "–"], contexts.Skip(1));
    }

    [Fact]
    public void A_title_tells_first_what_tells_models_apart_and_leaves_out_what_is_not_known()
    {
        var menu = Menu(Shapes.Mac, "ollama/coder", Model("coder") with { Shape = Shapes.Coder with { ActiveBytes = 9 * Gigabyte }, Loaded = true, ResidentBytes = Gigabyte }, Model("name") with { SizeBytes = null });
        Assert.Equal(["● 1 coder · fits · loaded · 11 tok/s est. · 12.4 GB · ollama", "2 name · ollama"], menu.Entries.Select(MenuText.Title));
    }

    [Fact]
    public void A_poor_fit_that_is_active_gets_one_line_of_advice_at_the_end()
    {
        var table = Table(Shapes.Mac, "ollama/huge", Model("huge") with { SizeBytes = 60 * Gigabyte, Shape = Shapes.Coder });
        Assert.Matches(@"\nAdvice: huge does not fit into the memory by our estimate \(6\d\.\d GB, 3\d\.\d too many\)\. \S+ would fit: [\d.]+ GB, \d+ tok/s est\.; `local-mcp pull \S+` fetches it\.$", table);
    }

    [Theory]
    [InlineData("ollama/coder")]
    [InlineData("ollama/gone")]
    [InlineData(null)]
    public void Without_a_poor_fit_that_is_active_there_is_no_advice(string? active) =>
        Assert.Null(Menu(Shapes.Mac with { AvailableMemory = 20 * Gigabyte }, active, Model("coder") with { Shape = Shapes.Coder with { ActiveBytes = 9 * Gigabyte } }, Model("huge") with { SizeBytes = 60 * Gigabyte, Shape = Shapes.Coder }).Advice);

    [Fact]
    public void No_model_at_all_is_told_with_the_next_step() =>
        Assert.StartsWith("There are no models yet. Start Ollama or LM Studio, or put a GGUF file", MenuText.Table(Menu(Shapes.Pc, null)), StringComparison.Ordinal);

    [Fact]
    public void The_table_of_a_server_with_sizes_that_no_model_has_is_there_all_the_same()
    {
        // As a whole, in the way of list_models.
        var table = Table(Shapes.Mac, null, [.. Enumerable.Range(0, 3).Select(number => Model($"m{number}") with { Loaded = true, SizeBytes = long.MaxValue, ResidentBytes = long.MaxValue, ContextLength = int.MaxValue, Shape = Shapes.Coder })]);
        Assert.Equal(4, table.Split('\n').Length);
    }

    private static string Table(MachineProfile machine, string? active, params ModelFacts[] models) => MenuText.Table(Menu(machine, active, models));

    private static Menu Menu(MachineProfile machine, string? active, params ModelFacts[] models) => Menu(machine, active, models, new SpeedBook([]));

    private static Menu Menu(MachineProfile machine, string? active, ModelFacts[] models, SpeedBook speeds) =>
        MenuMaker.Of(Listing(models, _ => "http://127.0.0.1:1"), active, machine, new Settings(), speeds, Catalog);

    private static Listing Listing(ModelFacts[] models, Func<string, string> where) =>
        new(models, models.Select(model => model.Backend).Distinct().ToDictionary(name => name, IBackend (name) => new Elsewhere(name, where(name))), [], []);

    private static ModelFacts Model(string name, string backend = "ollama") => new() { Name = name, Backend = backend, SizeBytes = 9 * Gigabyte };

    /// <summary>A backend that is only a name and a place.</summary>
    private sealed record Elsewhere(string Name, string Where) : IBackend
    {
        public string MoreContext(int tokens) => throw new NotSupportedException();

        public Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ModelFacts>>([]);

        public IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
