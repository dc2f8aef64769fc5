using LocalMcp.Backends;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("", "http://127.0.0.1:11434/")]
    [InlineData("192.168.1.7", "http://192.168.1.7:11434/")]
    [InlineData("gpu-box:9999", "http://gpu-box:9999/")]
    [InlineData(":9999", "http://127.0.0.1:9999/")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("0.0.0.0:9999", "http://127.0.0.1:9999/")]
    [InlineData("[::]:9999", "http://127.0.0.1:9999/")]
    [InlineData("[::1]", "http://[::1]:11434/")]
    [InlineData("http://gpu-box", "http://gpu-box/")]
    [InlineData("https://gpu-box", "https://gpu-box/")]
    [InlineData("http://gpu-box:8080/", "http://gpu-box:8080/")]
    public void Reads_OLLAMA_HOST_as_Ollama_does(string host, string url) => Assert.Equal(url, Endpoint.OllamaUrl(host).ToString());

    [Fact]
    public void An_OLLAMA_HOST_that_is_no_address_is_an_error_that_names_it() =>
        Assert.Contains("OLLAMA_HOST", Assert.Throws<LocalMcpException>(() => Endpoint.OllamaUrl("what is this")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/v1/", "http://127.0.0.1:9000/")]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9000/v1/", "http://127.0.0.1:9000/")]
    [InlineData("http://127.0.0.1:9000/v1", "http://127.0.0.1:9000/v1/", "http://127.0.0.1:9000/")]
    [InlineData("http://127.0.0.1:9000/v1/", "http://127.0.0.1:9000/v1/", "http://127.0.0.1:9000/")]
    [InlineData("http://127.0.0.1:9000/llm/v2", "http://127.0.0.1:9000/llm/v2/", "http://127.0.0.1:9000/llm/")]
    [InlineData("http://127.0.0.1:9000/llm", "http://127.0.0.1:9000/llm/v1/", "http://127.0.0.1:9000/llm/")]
    public void A_base_URL_works_with_and_without_its_version(string url, string api, string root)
    {
        var endpoint = Assert.Single(All(("LOCAL_MCP_URL", url)));
        Assert.Equal((api, root), (endpoint.ApiBase.ToString(), endpoint.Root.ToString()));
    }

    [Fact]
    public void Without_LOCAL_MCP_URL_the_well_known_ports_are_looked_at() =>
        Assert.Equal([11434, 1234, 8000, 8080, 8131, 52415], All().Select(e => e.Url.Port));

    [Fact]
    public void With_LOCAL_MCP_URL_only_these_are_looked_at() =>
        Assert.Equal([7001, 7002], All(("LOCAL_MCP_URL", "http://127.0.0.1:7001,http://127.0.0.1:7002/v1"), ("OLLAMA_HOST", "127.0.0.1:7003")).Select(e => e.Url.Port));

    [Fact]
    public void Servers_of_the_settings_come_first_and_only_once()
    {
        using var home = new TemporaryHome();
        var settings = new Settings { Servers = [new ServerSetting { Url = "http://127.0.0.1:1234", Name = "studio" }] };
        var all = Endpoint.All(home.Environment(), settings);
        Assert.Equal("studio", all[0].BackendName(ServerKind.LmStudio));
        Assert.Single(all, e => e.Url.Port == 1234);
    }

    [Fact]
    public void A_name_depends_on_kind_and_address_alone()
    {
        Assert.Equal("lmstudio", All().Single(e => e.Url.Port == 1234).BackendName(ServerKind.LmStudio));
        Assert.Equal("llama-server:1234", All().Single(e => e.Url.Port == 1234).BackendName(ServerKind.LlamaServer));
        Assert.Equal("openai", All(("LOCAL_MCP_URL", "http://127.0.0.1:7001"))[0].BackendName(ServerKind.OpenAi));
        Assert.Equal("openai", All(("LOCAL_MCP_URL", "http://127.0.0.1:7001,http://127.0.0.1:7002"))[0].BackendName(ServerKind.OpenAi));
        Assert.Equal("vllm@gpu-box:8000", All(("LOCAL_MCP_URL", "http://127.0.0.1:7002,http://gpu-box:8000"))[1].BackendName(ServerKind.Vllm));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7001,http://127.0.0.1:7001/v1/,http://localhost:7001")]
    [InlineData("http://0.0.0.0:7001,http://127.0.0.1:7001")]
    public void One_server_under_several_spellings_is_one(string urls) => Assert.Single(All(("LOCAL_MCP_URL", urls)));

    [Theory]
    [InlineData("http://user:hunter2@127.0.0.1:9")]
    [InlineData("http://127.0.0.1:9/v1?key=hunter2")]
    public void A_URL_with_a_secret_in_it_is_refused_without_showing_it(string url) =>
        Assert.DoesNotContain("hunter2", Assert.Throws<LocalMcpException>(() => All(("LOCAL_MCP_URL", url))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_that_no_header_can_carry_is_an_error_that_does_not_show_it() =>
        Assert.DoesNotContain("hunter", Assert.Throws<LocalMcpException>(() => All(("LOCAL_MCP_URL", "http://127.0.0.1:9"), ("LOCAL_MCP_API_KEY", "hunter\n2"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stored_name_leads_back_to_its_address()
    {
        Assert.Equal([8000], All().Where(e => e.MightBe("omlx")).Select(e => e.Url.Port));
        Assert.Equal([8131], All().Where(e => e.MightBe("llama-server:8131")).Select(e => e.Url.Port));
    }

    [Fact]
    public void A_URL_that_is_none_is_an_error_that_names_its_source() =>
        Assert.Contains("LOCAL_MCP_URL names \"localhost 80\"", Assert.Throws<LocalMcpException>(() => All(("LOCAL_MCP_URL", "localhost 80"))).Message, StringComparison.Ordinal);

    private static IReadOnlyList<Endpoint> All(params (string, string)[] variables)
    {
        using var home = new TemporaryHome();
        return Endpoint.All(home.Environment(variables), new Settings());
    }
}
