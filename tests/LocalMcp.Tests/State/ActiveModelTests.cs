using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.State;

public sealed class ActiveModelTests
{
    [Fact]
    public void What_one_session_writes_the_next_one_reads()
    {
        using var home = new TemporaryHome();
        Assert.Null(new ActiveModel(home.Environment()).Read());
        new ActiveModel(home.Environment()).Write("ollama/hf.co/x/y:Q4");
        Assert.Equal("ollama/hf.co/x/y:Q4", new ActiveModel(home.Environment()).Read());
        Assert.Equal("ollama/hf.co/x/y:Q4\n", File.ReadAllText(home.ActiveModelFile));
        Assert.Equal([home.ActiveModelFile], Directory.GetFiles(home.ConfigFolder));
    }

    [Fact]
    public void An_empty_file_is_no_choice()
    {
        using var home = new TemporaryHome().WithActive("");
        Assert.Null(new ActiveModel(home.Environment()).Read());
    }

    [Theory]
    [InlineData("ollama/a\nollama/b")]
    [InlineData("ollama/\u001b[31m")]
    public void A_file_that_is_not_one_line_is_an_error_that_the_next_choice_mends(string content)
    {
        using var home = new TemporaryHome().WithActive(content);
        var active = new ActiveModel(home.Environment());
        Assert.Contains(home.ActiveModelFile, Assert.Throws<LocalMcpException>(active.Read).Message, StringComparison.Ordinal);
        active.Write("ollama/a");
        Assert.Equal("ollama/a", active.Read());
    }

    [Fact]
    public void A_config_folder_that_cannot_be_written_is_an_error_that_names_it_and_says_that_nothing_changed()
    {
        using var home = new TemporaryHome();
        File.WriteAllText(Path.Combine(home.Folder, ".config"), "a file where the folder should be");
        var error = Assert.Throws<LocalMcpException>(() => new ActiveModel(home.Environment()).Write("ollama/x"));
        Assert.Contains(home.ConfigFolder, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", error.Message, StringComparison.Ordinal);
    }
}
