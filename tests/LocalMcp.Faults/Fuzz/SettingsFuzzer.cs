using System.Text;
using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Models.Catalog;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>settings.json: settings that are all in their ranges, or a sentence that names the file and a line that it has. What is read, written and read again is the same.</summary>
internal sealed class SettingsFuzzer : Fuzzer
{
    private const string File = "settings.json";

    private readonly TemporaryHome home = new();

    public override string Name => "settings";

    public override int Rounds => 6_000;

    public override IReadOnlyList<string> Tokens =>
    [
        .. SettingsJson.Default.Settings.Properties.Concat(SettingsJson.Default.Limits.Properties).Concat(SettingsJson.Default.EngineSettings.Properties).Concat(SettingsJson.Default.FileSettings.Properties).Concat(SettingsJson.Default.ServerSetting.Properties).Concat(SettingsJson.Default.CatalogModel.Properties).Concat(SettingsJson.Default.CatalogVariant.Properties)
            .Select(property => $"\"{property.Name}\":"),
        "[null]", "{ \"url\": \"http://[::1]:8080/v1\" }", "\"http://u:p@h/\"", "\"http://h:99999\"", "\"file:///etc\"", "\"all\"", "\"auto\"", "// x\n", "/* x */",
    ];

    public override Task TryAsync(byte[] input, Random random)
    {
        var text = Encoding.UTF8.GetString(input);
        if (Read(text) is not { } settings)
            return Task.CompletedTask;
        var written = JsonSerializer.Serialize(settings, SettingsJson.Default.Settings);
        var again = Read(written);
        BrokenException.Unless(again is not null && JsonSerializer.Serialize(again, SettingsJson.Default.Settings) == written, $"what was read is not read again: {written}");
        Use(settings);
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        home.Dispose();
        return Task.CompletedTask;
    }

    // What follows from settings at every start.
    private void Use(Settings settings)
    {
        try
        {
            foreach (var endpoint in Endpoint.All(home.Environment(), settings))
                _ = (endpoint.Label, endpoint.ApiBase, endpoint.Root, endpoint.Barred, endpoint.BackendName(ServerKind.OpenAi));
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
        }
        _ = (settings.Limits.Connect, settings.Limits.Silence, settings.Limits.Load, ModelCatalog.Load(settings));
    }

    private static Settings? Read(string text)
    {
        try
        {
            return SettingsFile.Parse(text, File);
        }
        catch (LocalMcpException known)
        {
            BrokenException.UnlessSentence(known.Message);
            var start = $"{File}, line ";
            BrokenException.Unless(known.Message.StartsWith(start, StringComparison.Ordinal), $"an error that names no line: {known.Message}");
            var line = int.Parse(known.Message[start.Length..].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
            BrokenException.Unless(line >= 1 && line <= text.Split('\n').Length, $"an error that names line {line}, and the file has fewer");
            return null;
        }
    }
}
