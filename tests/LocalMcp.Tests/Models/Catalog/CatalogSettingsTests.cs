using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Catalog;

/// <summary>The user's own entries, in settings.json.</summary>
public sealed class CatalogSettingsTests
{
    [Fact]
    public void A_name_and_a_pull_name_are_enough()
    {
        var catalog = Load("""{ "catalog": [ { "name": "house-coder", "variants": [ { "hf": "house/House-Coder-7B-GGUF:Q4_K_M" } ] } ] }""");
        var found = catalog.Find("house-coder")!;
        Assert.Equal(("house-coder:Q4_K_M", null, null), (found.Name, found.Tier, found.BestFor));
        Assert.Equal(new ModelShape(), found.Shape);
        Assert.Equal(found, catalog.Match(new ModelFacts { Name = "House-Coder-7B-Q4_K_M", Backend = "engine" }));
        Assert.Equal(CatalogFile.BuiltIn.Models.Count + 1, catalog.Models.Count);
    }

    [Fact]
    public void An_entry_may_say_all_that_ours_say()
    {
        var found = Load(
            """
            {
              "catalog": [
                {
                  "name": "house-coder", "title": "House-Coder-7B", "also_known_as": [ "house:7b" ], "parameters": 7000000000, "experts": 0,
                  "layers": 32, "kv_heads": 8, "key_length": 128, "value_length": 128, "sliding_window": { "window": 4096, "layers": 16 }, "context": 32768, "thinks": "no",
                  "best_for": "Our own dialect.", "quirks": [ { "what": "Speaks of the house." } ],
                  "variants": [ { "ollama": "house:7b-q4_K_M", "tier": "speed", "size_bytes": 4200000000 } ],
                }
              ]
            }
            """).Find("house:7b-q4_K_M")!;
        Assert.Equal(("house-coder:Q4_K_M", "speed", "Our own dialect."), (found.Name, found.Tier, found.BestFor));
        Assert.Equal([new LayerCache(16, 1024, 1024, null), new LayerCache(16, 1024, 1024, 4096)], found.Shape.Cache);
        Assert.Equal((4_200_000_000, 4_200_000_000), (found.Shape.WeightBytes, found.Shape.ActiveBytes));
    }

    [Fact]
    public void An_entry_of_the_same_name_replaces_ours_as_a_whole()
    {
        var catalog = Load("""{ "catalog": [ { "name": "qwen3-8b", "variants": [ { "ollama": "ours/qwen3:8b" } ] } ] }""");
        Assert.Equal(CatalogFile.BuiltIn.Models.Count, catalog.Models.Count);
        Assert.Null(catalog.Find("qwen3-8b")!.Model.Parameters);
        Assert.Null(catalog.Find("Qwen/Qwen3-8B-GGUF:Q4_K_M"));
        Assert.Equal("qwen3-8b", catalog.Match(new ModelFacts { Name = "ours/qwen3:8b", Backend = "ollama", OllamaNames = true })!.Name);
        Assert.Equal("qwen3-14b", catalog.Find("Qwen/Qwen3-14B-GGUF")!.Name);
    }

    [Fact]
    public void Words_that_two_entries_share_mean_neither()
    {
        var catalog = Load("""{ "catalog": [ { "name": "mine", "title": "Qwen3-8B", "variants": [ { "ollama": "mine:8b" } ] } ] }""");
        Assert.Null(catalog.Match(new ModelFacts { Name = "Qwen3-8B-Q4_K_M", Backend = "engine" }));
        Assert.Equal("mine", catalog.Match(new ModelFacts { Name = "mine:8b", Backend = "ollama", OllamaNames = true })!.Name);
    }

    [Theory]
    [InlineData("""{ "name": "a b", "variants": [ { "ollama": "a:b" } ] }""", "name is \"a b\"", "lower-case letters")]
    [InlineData("""{ "variants": [ { "ollama": "a:b" } ] }""", "name is \"\"", "lower-case letters")]
    [InlineData("""{ "name": "a" }""", "a: it has no variants", "\"ollama\": \"my-coder:7b\"")]
    [InlineData("""{ "name": "a", "variants": [ { } ] }""", "neither ollama nor hf nor quantization", "at least one of them")]
    [InlineData("""{ "name": "a", "variants": [ { "ollama": "a" } ] }""", "ollama is \"a\"", "my-coder:7b")]
    [InlineData("""{ "name": "a", "variants": [ { "hf": "a:Q4_K_M" } ] }""", "hf is \"a:Q4_K_M\"", "owner/repository:Q4_K_M")]
    [InlineData("""{ "name": "a", "variants": [ { "hf": "a/b" } ] }""", "hf is \"a/b\"", "owner/repository:Q4_K_M")]
    [InlineData("""{ "name": "a", "variants": [ { "ollama": "a:b", "tier": "great" } ] }""", "tier is \"great\"", "speed, balanced, quality, best")]
    [InlineData("""{ "name": "a", "thinks": "maybe", "variants": [ { "ollama": "a:b" } ] }""", "thinks is \"maybe\"", "no, can or always")]
    [InlineData("""{ "name": "a", "layers": 0, "variants": [ { "ollama": "a:b" } ] }""", "layers is 0", "1 or more")]
    [InlineData("""{ "name": "a", "variants": [ { "ollama": "a:b", "size_bytes": -1 } ] }""", "size_bytes is -1", "1 or more")]
    [InlineData("""{ "name": "a", "parameters": 5, "active_parameters": 6, "variants": [ { "ollama": "a:b" } ] }""", "active_parameters is 6", "at most parameters, 5")]
    [InlineData("""{ "name": "a", "layers": 4, "recurrent": { "layers": 5, "elements": 1 }, "variants": [ { "ollama": "a:b" } ] }""", "name 5 layers", "at most layers, 4")]
    [InlineData("""{ "name": "a", "sliding_window": { "layers": 5, "window": 1 }, "variants": [ { "ollama": "a:b" } ] }""", "name 5 layers", "which is not given")]
    [InlineData("""{ "name": "a", "variants": [ null ] }""", "a list holds null", "leave the entry away")]
    [InlineData("null", "a list holds null", "leave the entry away")]
    [InlineData("""{ "name": "a", "parameters": "7B", "variants": [ ] }""", "\"catalog[0].parameters\"", "a whole number")]
    [InlineData("""{ "name": "a", "size": 7 }""", "\"catalog[0].size\" is not a setting", "also_known_as")]
    [InlineData("""{ "name": "a", "variants": [ { "hugging_face": "a/b:c" } ] }""", "\"catalog[0].variants[0].hugging_face\" is not a setting", "ollama_size_bytes")]
    public void A_broken_entry_is_an_error_with_file_line_and_what_was_expected(string entry, string what, string expected)
    {
        var error = Assert.Throws<LocalMcpException>(() => Load($"{{\n  \"catalog\": [\n    {entry}\n  ]\n}}"));
        Assert.StartsWith("settings.json, line ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_that_of_the_word_that_is_wrong()
    {
        var error = Assert.Throws<LocalMcpException>(() => Load("{\n  \"catalog\": [\n    { \"name\": \"fine\", \"variants\": [ { \"ollama\": \"a:b\" } ] },\n    { \"name\": \"bad\",\n      \"layers\": 0, \"variants\": [ { \"ollama\": \"a:b\" } ] }\n  ]\n}"));
        Assert.Contains("line 4: catalog: bad: layers is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_entries_of_one_name_are_an_error()
    {
        var error = Assert.Throws<LocalMcpException>(() => Load("""{ "catalog": [ { "name": "a", "variants": [ { "ollama": "a:b" } ] }, { "name": "a", "variants": [ { "ollama": "a:c" } ] } ] }"""));
        Assert.Contains("name is \"a\" twice", error.Message, StringComparison.Ordinal);
    }

    private static ModelCatalog Load(string json) => ModelCatalog.Load(SettingsFile.Parse(json, "settings.json"));
}
