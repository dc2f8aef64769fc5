using LocalMcp.Backends.Engine;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

public sealed class EngineModelsTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Fact]
    public void Files_of_our_folder_and_of_the_settings_are_models_with_what_their_header_says()
    {
        Write(home.ModelFolder, "b-model");
        Write(Below("elsewhere", "deep"), "a-model");
        home.WithSettings("""{ "model_folders": [ "~/elsewhere" ] }""");
        Assert.Equal(["a-model", "b-model", "smoke-test"], Names());
        var facts = Model("a-model");
        Assert.Equal((4096, "Q4_0", null), (facts.TrainedContext, facts.Quantization, facts.Broken));
        Assert.Equal((64, 64, new LayerCache(1, 64, 64, null)), (facts.Shape!.KeyLength, facts.Shape.ValueLength, Assert.Single(facts.Shape.Cache!)));
    }

    [Fact]
    public void What_a_header_claims_beyond_any_model_is_not_computed_with()
    {
        Directory.CreateDirectory(home.ModelFolder);
        GgufBytes.Describing(("general.architecture", "llama"), ("llama.block_count", 2), ("llama.embedding_length", 2_000_000_000), ("llama.attention.head_count", 2)).WriteTo(Path.Combine(home.ModelFolder, "vast.gguf"));
        Assert.Null(Model("vast").Shape);
    }

    [Fact]
    public void Two_files_of_one_name_are_two_models()
    {
        Write(home.ModelFolder, "same");
        Write(Below("other"), "same");
        home.WithSettings("""{ "model_folders": [ "~/other" ] }""");
        Assert.Equal(["other/same", "same", "smoke-test"], Names());
    }

    [Fact]
    public void However_many_files_have_one_name_each_is_a_model()
    {
        foreach (var folder in new[] { "", "q4", "a/q4", "b/q4" })
            Write(Path.Combine(home.ModelFolder, folder), "same");
        GgufBytes.WriteParts(home.ModelFolder, "same", 2);
        Assert.Equal(["local-mcp/models/same", "models/q4/same", "models/same", "q4/same", "same", "smoke-test"], Names());
    }

    [Fact]
    public void A_file_of_the_user_called_like_the_smoke_test_is_the_users()
    {
        Write(home.ModelFolder, "smoke-test");
        Assert.False(Assert.Single(Models()).Facts.SmokeTest);
    }

    [Fact]
    public void Parts_count_as_one_model_with_the_size_of_all_and_the_first_is_loaded()
    {
        GgufBytes.WriteParts(home.ModelFolder, "big", 3);
        Assert.Equal(["big", "smoke-test"], Names());
        var part = new FileInfo(Path.Combine(home.ModelFolder, "big-00001-of-00003.gguf"));
        var (facts, path) = Models().First(m => m.Facts.Name == "big");
        Assert.Equal((3 * part.Length, null, part.FullName), (facts.SizeBytes, facts.Broken, path));
    }

    [Theory]
    [InlineData(3, "part 1 of 3 is missing", 1)]
    [InlineData(3, "part 2 of 3 is missing", 2)]
    [InlineData(3, "part 3 of 3 is missing", 3)]
    [InlineData(5, "2 of 5 parts are missing, part 3 first", 3, 5)]
    [InlineData(3, "2 of 3 parts are missing, part 1 first", 1, 3)]
    public void A_split_model_without_one_of_its_parts_is_listed_once_as_broken(int count, string reason, params int[] missing)
    {
        GgufBytes.WriteParts(home.ModelFolder, "big", count);
        foreach (var part in missing)
            File.Delete(Path.Combine(home.ModelFolder, $"big-{part:D5}-of-{count:D5}.gguf"));
        Assert.Equal(["big", "smoke-test"], Names());
        Assert.Equal(reason, Model("big").Broken);
    }

    [Fact]
    public void A_part_that_is_cut_off_is_named()
    {
        GgufBytes.WriteParts(home.ModelFolder, "big", 3);
        Cut(Path.Combine(home.ModelFolder, "big-00002-of-00003.gguf"), by: 100);
        Assert.Matches(@"^part 2 of 3: holds [\d,]+ of [\d,]+ bytes$", Model("big").Broken);
    }

    [Fact]
    public void A_part_under_another_name_is_broken_because_the_engine_would_not_find_the_others()
    {
        GgufBytes.WriteParts(home.ModelFolder, "big", 2);
        File.Move(Path.Combine(home.ModelFolder, "big-00001-of-00002.gguf"), Path.Combine(home.ModelFolder, "renamed.gguf"));
        Assert.Equal("its header says part 1 of 2, and its name does not", Model("renamed").Broken);
        Assert.Equal("part 1 of 2 is missing", Model("big").Broken);
    }

    [Fact]
    public void A_download_that_was_cut_is_listed_with_what_there_is_of_it()
    {
        Directory.CreateDirectory(home.ModelFolder);
        var path = Path.Combine(home.ModelFolder, "cut.gguf");
        RandomModel.Write(path, RandomShape.Named("10M"));
        Cut(path, by: 2_000_000);
        var facts = Model("cut");
        Assert.Matches(@"^holds \d+ MB of \d+ MB$", facts.Broken);
        Assert.Equal(("Q4_0", new FileInfo(path).Length), (facts.Quantization, facts.SizeBytes));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("<html>Not found</html>", "no GGUF file")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer in place of the file")]
    [InlineData("GGUF", "the header is cut off")]
    public void What_is_no_model_at_all_is_listed_with_the_reason(string content, string reason)
    {
        Directory.CreateDirectory(home.ModelFolder);
        File.WriteAllText(Path.Combine(home.ModelFolder, "odd.gguf"), content);
        Assert.Equal(reason, Model("odd").Broken);
    }

    [Fact]
    public void A_file_without_weights_is_broken()
    {
        GgufBytes.Describing(("general.architecture", "llama")).WriteTo(Path.Combine(home.ModelFolder, "hollow.gguf"));
        Assert.Equal("no weights in it", Model("hollow").Broken);
    }

    [Fact]
    public void A_file_that_the_user_may_not_read_is_broken_until_he_may()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser may read everything.");
        Write(home.ModelFolder, "locked");
        var (path, models) = (Path.Combine(home.ModelFolder, "locked.gguf"), EngineModels());
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Equal("cannot be read, permission denied", models.All().First(m => m.Facts.Name == "locked").Facts.Broken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.Null(models.All().First(m => m.Facts.Name == "locked").Facts.Broken);
    }

    [Fact]
    public void A_file_that_is_completed_is_sound_from_then_on()
    {
        Write(home.ModelFolder, "growing");
        var (path, models) = (Path.Combine(home.ModelFolder, "growing.gguf"), EngineModels());
        var whole = File.ReadAllBytes(path);
        Cut(path, by: 1000);
        Assert.NotNull(models.All().First(m => m.Facts.Name == "growing").Facts.Broken);
        File.WriteAllBytes(path, whole);
        Assert.Null(models.All().First(m => m.Facts.Name == "growing").Facts.Broken);
    }

    [Theory]
    [InlineData("mmproj-big.gguf")]
    [InlineData("ggml-vocab-llama.gguf")]
    [InlineData("big.gguf.part")]
    [InlineData("big.gguf.tmp")]
    [InlineData("big.gguf.downloadInProgress")]
    public void What_lies_beside_models_is_none(string name)
    {
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, name), new Script("Hello."));
        Assert.Equal(["smoke-test"], Names());
    }

    [Theory]
    [InlineData("general.type", "adapter")]
    [InlineData("general.type", "imatrix")]
    [InlineData("general.type", "mmproj")]
    [InlineData("general.architecture", "clip")]
    [InlineData("general.architecture", "nomic-bert")]
    [InlineData("general.architecture", "jina-bert-v2")]
    [InlineData("general.architecture", "flux")]
    [InlineData("llama.pooling_type", 1)]
    public void What_its_header_calls_something_else_is_no_model(string key, object value)
    {
        (string, object)[] llama = key == "general.architecture" ? [] : [("general.architecture", "llama")];
        GgufBytes.Describing([.. llama, (key, value)]).WriteTo(Path.Combine(home.ModelFolder, "other.gguf"));
        Assert.Equal(["smoke-test"], Names());
    }

    [Fact]
    public void Links_count_as_what_they_lead_to_and_those_that_lead_nowhere_do_not_count()
    {
        Write(Below("cache"), "blob");
        Link(Path.Combine(home.ModelFolder, "linked.gguf"), Below("cache", "blob.gguf"));
        Link(Path.Combine(home.ModelFolder, "again.gguf"), "linked.gguf");
        Link(Path.Combine(home.ModelFolder, "dangling.gguf"), Below("nothing.gguf"));
        Link(Path.Combine(home.ModelFolder, "chicken.gguf"), "egg.gguf");
        Link(Path.Combine(home.ModelFolder, "egg.gguf"), "chicken.gguf");
        var linked = Assert.Single(Models(), m => !m.Facts.SmokeTest).Facts;
        Assert.Equal(("again", "Q4_0", new FileInfo(Below("cache", "blob.gguf")).Length), (linked.Name, linked.Quantization, linked.SizeBytes));
    }

    [Fact]
    public void A_pipe_is_never_opened()
    {
        Directory.CreateDirectory(home.ModelFolder);
        using (var pipe = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [Path.Combine(home.ModelFolder, "pipe.gguf")]))
            pipe.WaitForExit();
        Assert.Equal("the file is empty", Model("pipe").Broken);
    }

    [Fact]
    public void A_folder_that_is_reached_by_two_roads_holds_its_models_once()
    {
        Write(Below("disk"), "one");
        Link(Path.Combine(home.ModelFolder, "road"), Below("disk"));
        Link(Below("disk", "round"), Below("disk"));
        home.WithSettings("""{ "model_folders": [ "~/disk", "~/disk/" ] }""");
        Assert.Equal(["one", "smoke-test"], Names());
    }

    [Fact]
    public void The_folders_of_other_programs_are_found_and_ours_comes_first()
    {
        string[] others = [Below("mine"), Below(".lmstudio", "models"), Below(".cache", "lm-studio", "models"), Below(".cache", "llama.cpp"), Below(".cache", "huggingface", "hub")];
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "llama.cpp's cache is elsewhere on a Mac.");
        home.WithSettings("""{ "model_folders": [ "~/mine" ] }""");
        Assert.Equal([home.ModelFolder], EngineModels().Folders);
        foreach (var folder in others)
            Write(folder, $"model-{Array.IndexOf(others, folder)}");
        Assert.Equal([home.ModelFolder, .. others], EngineModels().Folders);
        Assert.Equal(others.Length + 1, Models().Count);
    }

    [Fact]
    public void The_variables_of_llama_cpp_and_Hugging_Face_move_their_folders()
    {
        foreach (var folder in new[] { "llama", "hub", "old-hub", "hf/hub", "xdg/huggingface/hub", "xdg/llama.cpp" })
            Directory.CreateDirectory(Below(folder));
        Assert.Equal([Below("llama"), Below("hub")], Folders(("LLAMA_CACHE", Below("llama")), ("HF_HUB_CACHE", Below("hub")), ("HUGGINGFACE_HUB_CACHE", Below("old-hub")), ("HF_HOME", Below("hf"))));
        Assert.Equal([Below("old-hub")], Folders(("HUGGINGFACE_HUB_CACHE", Below("old-hub")), ("HF_HOME", Below("hf"))));
        Assert.Equal([Below("hf/hub")], Folders(("HF_HOME", "~/hf"), ("XDG_CACHE_HOME", Below("nothing"))));
        Assert.Equal([Below("hub")], Folders(("LLAMA_CACHE", Below("hub")), ("HF_HUB_CACHE", Below("hub"))));
        Assert.Empty(Folders(("LLAMA_CACHE", "relative"), ("HF_HOME", "relative")));
        if (!OperatingSystem.IsMacOS())
            Assert.Equal([Below("xdg/llama.cpp"), Below("xdg/huggingface/hub")], Folders(("XDG_CACHE_HOME", Below("xdg"))));
    }

    [Fact]
    public void LM_Studio_is_followed_where_its_pointer_and_its_settings_lead()
    {
        foreach (var folder in new[] { "studio/models", "big-disk", "bigger-disk", ".config/LM Studio" })
            Directory.CreateDirectory(Below(folder));
        File.WriteAllText(Below(".lmstudio-home-pointer"), Below("studio") + "\n");
        Assert.Equal([Below("studio/models")], Folders());
        File.WriteAllText(Below("studio", "settings.json"), $$"""{ "downloadsFolder": "{{Below("big-disk")}}" }""");
        Assert.Equal([Below("big-disk"), Below("studio/models")], Folders());
        if (!OperatingSystem.IsMacOS())
        {
            File.WriteAllText(Below(".config/LM Studio/settings.json"), $$"""{ "downloadsFolder": "{{Below("bigger-disk")}}" }""");
            Assert.Equal([Below("big-disk"), Below("bigger-disk"), Below("studio/models")], Folders());
        }
    }

    [Theory]
    [InlineData("{ not JSON")]
    [InlineData("[]")]
    [InlineData("""{ "downloadsFolder": 7 }""")]
    [InlineData("""{ "downloadsFolder": "relative" }""")]
    public void Settings_of_LM_Studio_that_make_no_sense_are_passed_over(string settings)
    {
        Directory.CreateDirectory(Below(".lmstudio", "models"));
        File.WriteAllText(Below(".lmstudio", "settings.json"), settings);
        File.WriteAllText(Below(".lmstudio-home-pointer"), "relative");
        Assert.Equal([Below(".lmstudio", "models")], Folders());
    }

    [Fact]
    public void One_blob_of_the_Hugging_Face_cache_is_one_model_in_however_many_snapshots()
    {
        var blob = Blob("unsloth", "Tiny-GGUF", "abc");
        Snapshot("unsloth", "Tiny-GGUF", "1111111111", "Tiny-Q4_0.gguf", blob);
        Snapshot("unsloth", "Tiny-GGUF", "2222222222", "Tiny-Q4_0.gguf", blob);
        Assert.Equal(["Tiny-Q4_0", "smoke-test"], Names());
    }

    [Fact]
    public void Files_of_one_name_in_the_Hugging_Face_cache_go_by_their_repositories()
    {
        foreach (var (user, revision, hash) in new[] { ("alice", "1111111111", "a"), ("bob", "2222222222", "b"), ("bob", "3333333333", "c") })
            Snapshot(user, "Tiny-GGUF", revision, "q4/tiny.gguf", Blob(user, "Tiny-GGUF", hash));
        Assert.Equal(["bob/Tiny-GGUF/3333333/tiny", "bob/Tiny-GGUF/tiny", "smoke-test", "tiny"], Names());
    }

    [Fact]
    public void A_snapshot_with_all_parts_is_taken_before_one_that_holds_only_the_first()
    {
        GgufBytes.WriteParts(Below("parts"), "b", 2);
        foreach (var (revision, part) in new[] { ("1111111111", 1), ("2222222222", 1), ("2222222222", 2) })
            Snapshot("org", "Big", revision, $"big-0000{part}-of-00002.gguf", Below("parts", $"b-0000{part}-of-00002.gguf"));
        var (facts, path) = Assert.Single(Models(), m => !m.Facts.SmokeTest);
        Assert.Equal(("big", null), (facts.Name, facts.Broken));
        Assert.Contains("/2222222222/", path, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private string[] Names() => [.. Models().Select(m => m.Facts.Name).Order(StringComparer.Ordinal)];

    private ModelFacts Model(string name) => Assert.Single(Models(), m => m.Facts.Name == name).Facts;

    private IReadOnlyList<(ModelFacts Facts, string Path)> Models() => EngineModels().All();

    private EngineModels EngineModels() => new(home.Environment(), new SettingsFile(home.Environment()));

    // Without ours.
    private IEnumerable<string> Folders(params (string, string)[] variables) => new EngineModels(home.Environment(variables), new SettingsFile(home.Environment())).Folders.Skip(1);

    private string Below(params string[] names) => Path.Combine([home.Folder, .. names]);

    private string Hub(string user, string repository, string folder) => Below(".cache", "huggingface", "hub", $"models--{user}--{repository}", folder);

    private string Blob(string user, string repository, string hash)
    {
        Write(Hub(user, repository, "blobs"), hash);
        var blob = Path.Combine(Hub(user, repository, "blobs"), hash);
        File.Move(blob + ".gguf", blob);
        return blob;
    }

    // Relative, as huggingface_hub makes them.
    private void Snapshot(string user, string repository, string revision, string file, string blob)
    {
        var link = Path.Combine(Hub(user, repository, "snapshots"), revision, file);
        Link(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
    }

    private static void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    private static void Cut(string path, int by)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - by);
    }

    private static void Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        ScriptedModel.Write(Path.Combine(folder, name + ".gguf"), new Script("Hello."));
    }
}
