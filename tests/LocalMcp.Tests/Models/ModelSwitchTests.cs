using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.Tests.Models.Fit;

namespace LocalMcp.Tests.Models;

/// <summary>A switch to what fits, to what does not, and to that all the same.</summary>
public sealed class ModelSwitchTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    [Fact]
    public async Task One_that_is_too_big_is_refused_with_the_figures_and_nothing_is_changed()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        home.Home.WithActive("ollama/small:latest");
        Assert.Matches(
            @"^large:latest is too big for this machine now, by our estimate: it needs 4\d\.\d GB \(weights 40\.0, .+\), 1\d\.\d GB more than the 24\.0 GB that are free\. .+ Nothing was changed\. Choose another one with set_model, or give it force to switch all the same\.$",
            await home.RefusalAsync("large"));
        Assert.Equal("ollama/small:latest\n", await File.ReadAllTextAsync(home.Home.ActiveModelFile, TestContext.Current.CancellationToken));
        Assert.Equal([home.Home.ActiveModelFile], Directory.GetFiles(home.Home.ConfigFolder));
        Assert.DoesNotContain(server.Requests, request => request.Path == "/api/chat");
    }

    [Fact]
    public async Task Without_a_choice_before_a_refusal_leaves_none()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        await home.RefusalAsync("large");
        Assert.False(File.Exists(home.Home.ActiveModelFile));
    }

    [Fact]
    public async Task Forced_it_is_switched_to_and_said_and_remembered_until_the_next_switch()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        Assert.Matches(@"^The active model is now large:latest \(ollama\)\. None was chosen before\. large:latest is too big for this machine now, .+ It was forced\.$", await home.ToAsync("large", force: true));
        Assert.Equal("ollama/large:latest\nforced\n", await File.ReadAllTextAsync(home.Home.ActiveModelFile, TestContext.Current.CancellationToken));
        Assert.Equal(("ollama/large:latest", true, false), (home.Active.Read(), home.Active.IsForced("ollama/large:latest"), home.Active.IsForced("ollama/small:latest")));
        Assert.Equal("The active model is now small:latest (ollama). It replaces ollama/large:latest.", await home.ToAsync("small", force: true));
        Assert.Equal(("ollama/small:latest", false), (home.Active.Read(), home.Active.IsForced("ollama/small:latest")));
    }

    [Fact]
    public async Task A_tight_fit_is_switched_to_and_said()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl, Shapes.Pc with { AvailableMemory = 7 * Gigabyte });
        Assert.Matches(@"^The active model is now small:latest \(ollama\)\. None was chosen before\. It is a tight fit: it needs \d\.\d GB \(weights 4\.0, .+\) of the 7\.0 GB that are free\. End what you do not need\.$", await home.ToAsync("small"));
        Assert.False(home.Active.IsForced("ollama/small:latest"));
    }

    [Fact]
    public async Task On_a_Mac_it_is_said_what_is_tight_the_GPUs_share_or_what_is_free_now()
    {
        await using var server = await ServerAsync();
        await using var share = new SwitchHome(server.BaseUrl, Shapes.Mac with { GpuWorkingSet = 3 * Gigabyte });
        Assert.EndsWith(" and the GPU takes 3.0 GB; macOS gives the GPU no more than that by default; `sudo sysctl iogpu.wired_limit_mb=<MiB>` raises it until the next start.", await share.ToAsync("small"), StringComparison.Ordinal);
        await using var now = new SwitchHome(server.BaseUrl, Shapes.Mac with { AvailableMemory = 2 * Gigabyte });
        Assert.EndsWith(" and 2.0 GB are free without taking memory from other programs. End what you do not need.", await now.ToAsync("small"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_good_fit_and_of_an_unknown_one_nothing_is_said_beyond_the_switch()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        Assert.Equal("The active model is now small:latest (ollama). None was chosen before.", await home.ToAsync("small"));
        Assert.Equal("small:latest (ollama) is the active model already.", await home.ToAsync("small"));
        await using var plain = await FakeModelServer.StartAsync();
        await using var unknown = new SwitchHome(plain.BaseUrl);
        Assert.Equal("The active model is now scripted-plain (openai). None was chosen before.", await unknown.ToAsync("plain"));
    }

    [Fact]
    public async Task A_file_of_the_active_model_that_makes_no_sense_is_replaced_by_the_choice()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        home.Home.WithActive("one\ttwo");
        Assert.Equal("The active model is now small:latest (ollama). None was chosen before.", await home.ToAsync("small"));
        Assert.Equal("ollama/small:latest", home.Active.Read());
    }

    [Fact]
    public async Task The_test_at_the_end_is_one_line_with_the_first_token_and_the_speed()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        await home.ToAsync("small");
        var (passed, line) = await home.WarmAsync();
        Assert.True(passed);
        Assert.Matches(@"^PASS small:latest \(ollama\) answers: first token [\d.]+ s, [\d.]+ tok/s\.$", line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("first line\nsecond line")]
    public async Task A_model_that_does_not_answer_is_one_line_that_begins_with_FAIL(string error)
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        await home.ToAsync("small");
        server.Options = error.Length == 0 ? server.Options with { Answer = "" } : server.Options with { Status = 500, StatusText = error };
        var (passed, line) = await home.WarmAsync();
        Assert.False(passed);
        Assert.StartsWith("FAIL no answer: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task An_answer_that_goes_round_in_circles_of_lines_is_one_line_that_begins_with_FAIL()
    {
        await using var server = await ServerAsync();
        await using var home = new SwitchHome(server.BaseUrl);
        await home.ToAsync("small");
        server.Options = server.Options with { Chunks = ["round\n", "and\n", "about\n"], Endless = true };
        var (passed, line) = await home.WarmAsync();
        Assert.False(passed);
        Assert.StartsWith("FAIL ", line, StringComparison.Ordinal);
    }

    private static Task<FakeModelServer> ServerAsync() => FakeModelServer.StartAsync(new FakeOptions
    {
        Kind = ServerKind.Ollama,
        Models = [new FakeModel("small", SizeBytes: 4 * Gigabyte), new FakeModel("large", SizeBytes: 40 * Gigabyte)],
    });
}
