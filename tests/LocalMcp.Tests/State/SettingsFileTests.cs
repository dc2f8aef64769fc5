using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.State;

public sealed class SettingsFileTests
{
    [Fact]
    public void A_missing_file_means_the_defaults()
    {
        using var home = new TemporaryHome();
        var settings = new SettingsFile(home.Environment()).Read();
        Assert.Equal(16_384, settings.ContextLength);
        Assert.Equal(TimeSpan.FromSeconds(120), settings.Limits.Silence);
        Assert.Empty(settings.Servers);
    }

    [Fact]
    public void What_is_set_is_in_force_and_the_rest_keeps_its_default()
    {
        var settings = SettingsFile.Parse(
            """
            {
              // the machine under the desk
              "servers": [ { "url": "http://10.0.0.5:8000/v1", "name": "desk", "api_key": "k" } ],
              "limits": { "silence_seconds": 30 },
              "context_length": 32768,
            }
            """,
            "settings.json");
        Assert.Equal("desk", Assert.Single(settings.Servers).Name);
        Assert.Equal(32_768, settings.ContextLength);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.Limits.Silence);
        Assert.Equal(TimeSpan.FromMinutes(10), settings.Limits.Load);
    }

    [Theory]
    [InlineData("{\n  \"context_length\": \"much\"\n}", "line 2", "\"context_length\"", "a whole number")]
    [InlineData("{\n  \"limits\": { \"silence\": 3 }\n}", "line 2", "\"limits.silence\" is not a setting", "silence_seconds")]
    [InlineData("{\n\n  \"contextlength\": 3\n}", "line 3", "\"contextlength\" is not a setting", "context_length")]
    [InlineData("{\n  \"context_length\": 5\n}", "line 2", "context_length is 5", "512 to 1048576")]
    [InlineData("{\n  \"limits\": {\n    \"load_minutes\": 0\n  }\n}", "line 3", "load_minutes is 0", "1 to 120")]
    [InlineData("{\n  \"engine\": {\n    \"port\": 80\n  }\n}", "line 3", "port is 80", "1024 to 65535")]
    [InlineData("{\n  \"servers\": \"http://x\"\n}", "line 2", "\"servers\"", "a list in [ ]")]
    [InlineData("{\n  \"servers\": [ { \"url\": \"not a url\" } ]\n}", "line 2", "url is \"not a url\"", "http://127.0.0.1:8080/v1")]
    [InlineData("{\n  \"servers\": [ { \"url\": \"http://x\", \"name\": \"a/b\" } ]\n}", "line 2", "name is \"a/b\"", "without spaces and slashes")]
    [InlineData("{\n  \"context_length\": 1024", "line 2", "not valid JSON", "")]
    [InlineData("{\n  \"servers\": null\n}", "line 2", "\"servers\" is null", "leave it away")]
    [InlineData("{\n  \"limits\": null\n}", "line 2", "\"limits\" is null", "leave it away")]
    [InlineData("{\n  \"servers\": [ null ]\n}", "line 2", "a list holds null", "")]
    [InlineData("{\n  \"servers\": [ { \"url\": null } ]\n}", "line 2", "\"url\" is null", "leave it away")]
    [InlineData("{\n  \"engine_program\": null\n}", "line 2", "\"engine_program\" is null", "leave it away")]
    [InlineData("{\n  \"servers\": [ { \"url\": \"http://x\", \"name\": \"engine\" } ]\n}", "line 2", "name is \"engine\"", "a name of its own")]
    [InlineData("{\n  \"a\\u0007b\": 1\n}", "line 2", "\\u0007", "is not a setting")]
    [InlineData("[]", "line 1", "the file has a value of the wrong kind", "an object in { }")]
    [InlineData("null", "line 1", "it expects an object", "")]
    [InlineData("", "line 1", "not valid JSON", "")]
    public void A_broken_file_is_an_error_with_file_line_and_what_was_expected(string json, string line, string what, string expected)
    {
        using var home = new TemporaryHome().WithSettings(json);
        var error = Assert.Throws<LocalMcpException>(() => new SettingsFile(home.Environment()).Read());
        Assert.Contains(home.SettingsFile, error.Message, StringComparison.Ordinal);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_name_without_end_the_error_has_the_ends()
    {
        var error = Assert.Throws<LocalMcpException>(() => SettingsFile.Parse($$"""{ "{{new string('x', 50_000)}}": 1 }""", "settings.json"));
        Assert.InRange(error.Message.Length, 500, 2_000);
        Assert.Contains("is not a setting; at this place it expects", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_mended_is_read_again()
    {
        using var home = new TemporaryHome().WithSettings("{");
        var file = new SettingsFile(home.Environment());
        Assert.Throws<LocalMcpException>(file.Read);
        home.WithSettings("""{ "context_length": 1024 }""");
        Assert.Equal(1024, file.Read().ContextLength);
    }
}
