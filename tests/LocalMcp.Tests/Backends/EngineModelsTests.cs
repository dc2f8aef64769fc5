using LocalMcp.Backends.Engine;
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
        Write(Path.Combine(home.Folder, "elsewhere", "deep"), "a-model");
        home.WithSettings("""{ "model_folders": [ "~/elsewhere" ] }""");
        Assert.Equal(["a-model", "b-model", "smoke-test"], Names());
        var facts = Models().First(m => m.Facts.Name == "a-model").Facts;
        Assert.Equal((4096, "Q4_0"), (facts.TrainedContext, facts.Quantization));
    }

    [Fact]
    public void Two_files_of_one_name_are_two_models()
    {
        Write(home.ModelFolder, "same");
        Write(Path.Combine(home.Folder, "other"), "same");
        home.WithSettings("""{ "model_folders": [ "~/other" ] }""");
        Assert.Equal(["other/same", "same", "smoke-test"], Names());
    }

    [Fact]
    public void A_file_of_the_user_called_like_the_smoke_test_is_the_users()
    {
        Write(home.ModelFolder, "smoke-test");
        Assert.False(Assert.Single(Models()).Facts.SmokeTest);
    }

    [Fact]
    public void Parts_count_as_one_model_and_projectors_as_none()
    {
        foreach (var name in new[] { "big-00001-of-00003", "big-00002-of-00003", "big-00003-of-00003", "mmproj-big" })
            Write(home.ModelFolder, name);
        Assert.Equal(["big", "smoke-test"], Names());
        var part = new FileInfo(Path.Combine(home.ModelFolder, "big-00001-of-00003.gguf")).Length;
        Assert.Equal(3 * part, Models().First(m => m.Facts.Name == "big").Facts.SizeBytes);
    }

    [Fact]
    public void Links_count_as_what_they_lead_to_and_what_is_no_file_does_not_count()
    {
        Write(Path.Combine(home.Folder, "cache"), "blob");
        Directory.CreateDirectory(home.ModelFolder);
        File.CreateSymbolicLink(Path.Combine(home.ModelFolder, "linked.gguf"), Path.Combine(home.Folder, "cache", "blob.gguf"));
        File.CreateSymbolicLink(Path.Combine(home.ModelFolder, "dangling.gguf"), Path.Combine(home.Folder, "nothing.gguf"));
        using (var pipe = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [Path.Combine(home.ModelFolder, "pipe.gguf")]))
            pipe.WaitForExit();
        var linked = Assert.Single(Models(), m => !m.Facts.SmokeTest).Facts;
        Assert.Equal(("linked", "Q4_0", new FileInfo(Path.Combine(home.Folder, "cache", "blob.gguf")).Length), (linked.Name, linked.Quantization, linked.SizeBytes));
    }

    public void Dispose() => home.Dispose();

    private string[] Names() => [.. Models().Select(m => m.Facts.Name).Order(StringComparer.Ordinal)];

    private IReadOnlyList<(LocalMcp.Models.ModelFacts Facts, string Path)> Models() => new EngineModels(home.Environment(), new SettingsFile(home.Environment())).All();

    private static void Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        ScriptedModel.Write(Path.Combine(folder, name + ".gguf"), new Script("Hello."));
    }
}
