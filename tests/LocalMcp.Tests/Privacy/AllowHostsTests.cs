using LocalMcp.Backends;
using LocalMcp.Doctor;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.Tests.Pull;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Privacy;

/// <summary>Another machine is asked only where allow_hosts names it, whoever wants to ask; and who is not asked is told what to write.</summary>
public sealed class AllowHostsTests : IDisposable
{
    // Nobody can be there, and no packet goes there: the kernel refuses to connect.
    private const string Elsewhere = "255.255.255.255";

    private readonly TemporaryHome home = new();

    public static TheoryData<string, string, string> Sources => new()
    {
        { "LOCAL_MCP_URL", "http://Studio.local:1234/v1", "The server at http://studio.local:1234/v1" },
        { "OLLAMA_HOST", "studio.local", "The server at http://studio.local:11434" },
        { "", """{ "servers": [{ "url": "http://studio.local:1234", "name": "studio" }] }""", "studio at http://studio.local:1234" },
    };

    private string ToWrite => $"""not asked, because studio.local is not this machine, and what is asked would go there. To allow it, write "allow_hosts": ["studio.local"] into {home.SettingsFile}""";

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_server_elsewhere_is_down_with_the_line_to_write_whoever_named_it(string variable, string value, string label)
    {
        await using var house = House(variable, value);
        var place = Assert.Single((await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Unreachable, p => p.Failure == BackendFailure.NotAllowed);
        Assert.Equal($"{label}: {ToWrite}", ListingText.Reason(place));
        var failure = await house.FailureAsync("hello", "some-model");
        Assert.Contains(ToWrite, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studio/qwen", "")]
    [InlineData("", "studio/qwen")]
    public async Task A_chat_with_one_of_its_models_gets_the_same_sentence_once(string wanted, string active)
    {
        await using var here = await FakeModelServer.StartAsync();
        home.WithSettings($$"""{ "servers": [{ "url": "http://studio.local:1234", "name": "studio" }, { "url": "{{here.BaseUrl}}", "name": "here" }] }""");
        if (active.Length > 0)
            home.WithActive(active);
        await using var house = new House(home, null, ("OLLAMA_HOST", ClosedPort.Url()));
        var failure = await house.FailureAsync("hello", wanted);
        Assert.Equal(1, failure.Split(ToWrite).Length - 1);
        Assert.Contains("scripted-plain (here)", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("..", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_allowed_already_stays_in_the_line_to_write()
    {
        home.WithSettings("""{ "allow_hosts": ["gpu-box"] }""");
        await using var house = new House(home, null, ("LOCAL_MCP_URL", "http://studio.local:1234"));
        Assert.Contains("""write "allow_hosts": ["gpu-box", "studio.local"] into""", await house.FailureAsync("hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_asked_hides_nobody()
    {
        await using var here = await FakeModelServer.StartAsync();
        await using var house = new House(home, null, ("LOCAL_MCP_URL", $"http://studio.local:1234,{here.BaseUrl}"));
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hello")).Text);
    }

    [Fact]
    public async Task The_smoke_test_does_not_stand_in_for_a_server_that_is_not_asked()
    {
        await using var house = new House(home, null, ("LOCAL_MCP_URL", "http://studio.local:1234"));
        Assert.Contains(ToWrite, await house.FailureAsync("hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allowed_host_is_asked_and_another_one_is_not()
    {
        home.WithSettings($$"""{ "allow_hosts": ["{{Elsewhere}}"], "limits": { "connect_seconds": 1 } }""");
        await using var house = new House(home, null, ("LOCAL_MCP_URL", $"http://{Elsewhere}:1,http://255.255.255.254:1"));
        var unreachable = (await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Unreachable;
        Assert.Equal([BackendFailure.Unreachable, BackendFailure.NotAllowed], unreachable.Where(p => p.Endpoint is not null).Select(p => p.Failure));
    }

    [Fact]
    public async Task A_connection_that_no_settings_were_asked_for_does_not_leave_the_machine()
    {
        using var server = new ServerConnection("It", new Uri($"http://{Elsewhere}:1/"), "Leave it", "", new Limits(), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<BackendException>(() => server.GetAsync("", TestContext.Current.CancellationToken));
        Assert.Contains($"{Elsewhere} is not this machine", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_names_it_as_a_fault_and_says_what_to_write()
    {
        using var doctor = new DoctorHomes();
        var check = Assert.Single(await doctor.ChecksAsync("http://studio.local:1234"), c => c.Title.Contains("studio.local", StringComparison.Ordinal));
        Assert.Equal(Verdict.Bad, check.Verdict);
        Assert.Contains("\"allow_hosts\": [\"studio.local\"]", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_through_Ollama_goes_by_the_same_rule()
    {
        await using var pulls = await PullHome.WithAsync();
        pulls.Variables = [("OLLAMA_HOST", "studio.local")];
        Assert.Contains("\"allow_hosts\": [\"studio.local\"]", await pulls.FailureAsync("ollama:qwen3:8b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("gpu.localhost")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task This_machine_needs_no_leave_in_any_spelling(string host)
    {
        await using var here = await FakeModelServer.StartAsync();
        await using var house = new House(home, null, ("LOCAL_MCP_URL", $"http://{host}:{new Uri(here.BaseUrl).Port}"));
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hello")).Text);
    }

    public void Dispose() => home.Dispose();

    private House House(string variable, string value)
    {
        if (variable.Length == 0)
            home.WithSettings(value);
        return new House(home, null, variable.Length == 0 ? ("OLLAMA_HOST", ClosedPort.Url()) : (variable, value));
    }

    /// <summary>The doctor's checks of the servers alone.</summary>
    private sealed class DoctorHomes : IDisposable
    {
        private readonly TemporaryHome home = new();

        public async Task<IReadOnlyList<Check>> ChecksAsync(string urls)
        {
            await using var services = new ServiceCollection().AddLocalMcp(home.Environment(("LOCAL_MCP_URL", urls))).BuildServiceProvider();
            var listing = await services.GetRequiredService<ModelDirectory>().ListAsync(TestContext.Current.CancellationToken);
            return [.. ServerChecks.Silent(listing)];
        }

        public void Dispose() => home.Dispose();
    }
}
