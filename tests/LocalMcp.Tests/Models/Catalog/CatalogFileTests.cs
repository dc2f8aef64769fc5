using System.Text.RegularExpressions;
using LocalMcp.Models.Catalog;

namespace LocalMcp.Tests.Models.Catalog;

/// <summary>What <c>catalog.json</c> promises of itself.</summary>
public sealed partial class CatalogFileTests
{
    private static IReadOnlyList<CatalogModel> Models => CatalogFile.BuiltIn.Models;

    private static IEnumerable<(CatalogModel Model, CatalogVariant Variant)> Files => Models.SelectMany(model => model.Variants.Select(variant => (model, variant)));

    public static TheoryData<string> Names => [.. Models.Select(model => model.Name)];

    [Fact]
    public void Every_source_says_what_was_read_and_when_and_is_used()
    {
        var used = Models
            .SelectMany(model => new[] { model.ShapeSource, model.CardSource }.Concat(model.Quirks.Select(quirk => quirk.Source)))
            .Concat(Files.SelectMany(file => new[] { file.Variant.Source, file.Variant.OllamaSource }))
            .OfType<string>()
            .ToHashSet();
        Assert.Equal(CatalogFile.BuiltIn.Sources.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.All(CatalogFile.BuiltIn.Sources, source =>
        {
            Assert.True(source.Value.What.Length > 20, source.Key);
            Assert.Matches(Date(), source.Value.Date);
            Assert.True(source.Value.Url is null || Uri.TryCreate(source.Value.Url, UriKind.Absolute, out var url) && url.Scheme == "https", source.Value.Url);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_has_a_source(string name)
    {
        var model = Models.Single(candidate => candidate.Name == name);
        Assert.Contains(model.ShapeSource!, CatalogFile.BuiltIn.Sources);
        Assert.Contains(model.CardSource!, CatalogFile.BuiltIn.Sources);
        Assert.All(model.Quirks, quirk => Assert.Contains(quirk.Source!, CatalogFile.BuiltIn.Sources));
        Assert.All(model.Variants, variant => Assert.Equal(variant.SizeBytes is null, variant.Source is null));
        Assert.All(model.Variants, variant => Assert.Equal(variant.OllamaSizeBytes is null, variant.OllamaSource is null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_entry_says_all_that_a_choice_needs(string name)
    {
        var model = Models.Single(candidate => candidate.Name == name);
        Assert.All(new[] { model.Title, model.Architecture, model.License }, text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.True(model is { Parameters: > 0, Layers: > 0, Heads: > 0, EmbeddingLength: > 0, Vocabulary: > 0, Context: > 0, Experts: not null, UsedExperts: not null });
        Assert.Equal(model.Experts > 0, model.ActiveParameters is not null);
        Assert.Contains(model.Thinks, new[] { "no", "can", "always" });
        Assert.All(model.Variants.Select(variant => variant.BestFor).Append(model.BestFor).Concat(model.Quirks.Select(quirk => quirk.What)), sentence => Assert.Matches(OneSentence(), sentence));
        Assert.All(model.Variants, variant => Assert.Contains(variant.Tier, CatalogTier.Known));
        Assert.Equal(model.Variants.Count, model.Variants.DistinctBy(variant => variant.Quantization).Count());
    }

    [Fact]
    public void Entries_are_in_order_and_their_files_from_small_to_large()
    {
        Assert.Equal(Models.Select(model => model.Name).Distinct().Order(StringComparer.Ordinal), Models.Select(model => model.Name));
        Assert.All(Models, model => Assert.Equal(model.Variants.OrderBy(variant => variant.SizeBytes), model.Variants));
    }

    [Fact]
    public void Pull_names_are_well_formed_and_end_in_the_quantization_of_their_file()
    {
        Assert.All(Files, file =>
        {
            Assert.Matches(Repository(), file.Variant.Hf);
            Assert.EndsWith(":" + file.Variant.Quantization, file.Variant.Hf, StringComparison.Ordinal);
            if (file.Variant.Ollama is null)
                return;
            Assert.Matches(OllamaName(), file.Variant.Ollama);
            Assert.True(file.Variant.Ollama.EndsWith(file.Variant.Quantization!, StringComparison.OrdinalIgnoreCase) || file.Variant.Quantization == "MXFP4", file.Variant.Ollama);
        });
        Assert.All(new Func<CatalogVariant, string?>[] { variant => variant.Hf, variant => variant.Ollama }, pulled =>
            Assert.Equal(Files.Count(file => pulled(file.Variant) is not null), Files.Select(file => pulled(file.Variant)).OfType<string>().Distinct().Count()));
    }

    // Bits for each number as llama.cpp's quantize prints them for an 8B model (tools/quantize/README.md), 4.25 for MXFP4.
    [Fact]
    public void Sizes_are_plausible_for_their_parameters_and_bits()
    {
        var bits = new Dictionary<string, double> { ["Q4_K_M"] = 4.89, ["Q6_K"] = 6.56, ["Q8_0"] = 8.5, ["MXFP4"] = 4.25 };
        Assert.All(Files, file =>
        {
            var expected = file.Model.Parameters!.Value * bits[file.Variant.Quantization!] / 8;
            Assert.InRange(file.Variant.SizeBytes!.Value / expected, 0.65, 1.35);
            if (file.Variant.OllamaSizeBytes is { } pulled)
                Assert.InRange(pulled / expected, 0.65, 1.5);
        });
    }

    [Fact]
    public void Our_own_entries_pass_the_check_of_the_users_entries() => Assert.Null(CatalogCheck.First(Models));

    [GeneratedRegex(@"^20\d\d(-\d\d(-\d\d)?)?$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^[A-Z](?:[^.\n]|\.(?! )){10,130}[A-Za-z0-9]\.$")]
    private static partial Regex OneSentence();

    [GeneratedRegex(@"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+:[A-Z0-9_]+$")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[a-z0-9.-]+:[a-zA-Z0-9._-]+$")]
    private static partial Regex OllamaName();
}
