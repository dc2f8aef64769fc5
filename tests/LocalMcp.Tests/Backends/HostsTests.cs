using LocalMcp.Backends;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

/// <summary>Whose machine a URL leads to, however it is spelled; nothing here looks a name up.</summary>
public sealed class HostsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.255.3.9")]
    [InlineData("http://127.1:11434")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://0x7f000001")]
    [InlineData("http://2130706433")]
    [InlineData("http://0177.0.0.1")]
    [InlineData("http://[::1]:80")]
    [InlineData("http://[0:0:0:0:0:0:0:1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://[::ffff:7f00:1]")]
    [InlineData("http://localhost:1234/v1")]
    [InlineData("http://LocalHost.")]
    [InlineData("http://gpu.localhost:8080")]
    public void This_machine_is_known_in_every_spelling(string url) => Assert.True(Hosts.IsHere(new Uri(url)));

    [Theory]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://127.0.0.1.")]
    [InlineData("http://evillocalhost")]
    [InlineData("http://localhost-")]
    [InlineData("http://127.0.0.1@evil.example")]
    [InlineData("http://localhost:80@evil.example")]
    [InlineData("http://127.0.0.1\\@evil.example/")]
    [InlineData("http://localhost%2eevil.example")]
    [InlineData("http://１２７.0.0.1")]
    [InlineData("http://128.0.0.1")]
    [InlineData("http://[::2]")]
    [InlineData("http://[::127.0.0.1]")]
    [InlineData("http://[::ffff:192.168.1.7]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://192.168.1.7")]
    [InlineData("http://3232235783")]
    [InlineData("http://localdomain")]
    [InlineData("http://ip6-loopback")]
    public void Another_machine_is_another_whatever_it_looks_like_or_resolves_to(string url)
    {
        // What is no URL at all leads nowhere.
        if (Uri.TryCreate(url, UriKind.Absolute, out var there))
            Assert.False(Hosts.IsHere(there));
    }

    [Theory]
    [InlineData("http://studio.local:1234", "studio.local", true)]
    [InlineData("http://Studio.LOCAL.", "studio.local", true)]
    [InlineData("http://studio.local", "STUDIO.local.", true)]
    [InlineData("http://192.168.1.7", "192.168.1.7", true)]
    [InlineData("http://3232235783", "192.168.1.7", true)]
    [InlineData("http://[::ffff:192.168.1.7]", "192.168.1.7", true)]
    [InlineData("http://192.168.1.7", "::ffff:c0a8:107", true)]
    [InlineData("http://[fd00::7]", "[fd00:0:0::7]", true)]
    [InlineData("http://[fd00::7]", "FD00::7", true)]
    [InlineData("http://bücher.example", "xn--bcher-kva.example", true)]
    [InlineData("http://studio.local.evil.example", "studio.local", false)]
    [InlineData("http://a.studio.local", "studio.local", false)]
    [InlineData("http://local", "studio.local", false)]
    [InlineData("http://studio.local", "local", false)]
    [InlineData("http://192.168.1.70", "192.168.1.7", false)]
    [InlineData("http://192.168.1.7.", "192.168.1.7", false)]
    [InlineData("http://[fd00::8]", "fd00::7", false)]
    public void A_host_is_allowed_by_its_name_or_address_alone(string url, string allowed, bool isAllowed) => Assert.Equal(isAllowed, Hosts.IsAmong(new Uri(url), [allowed]));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.local")]
    [InlineData("192.168.0.0/16")]
    [InlineData("http://studio.local")]
    [InlineData("studio.local:1234")]
    [InlineData("studio..local")]
    [InlineData("studio local")]
    [InlineData("me@studio.local")]
    public void What_is_no_host_in_allow_hosts_is_an_error_that_shows_how_one_looks(string host)
    {
        using var home = new TemporaryHome().WithSettings($"{{\n  \"allow_hosts\": [\"studio.local\", \"{host}\"]\n}}");
        var failure = Assert.Throws<LocalMcpException>(() => new SettingsFile(home.Environment()).Read()).Message;
        Assert.Contains($"line 2: allow_hosts: \"{host}\" is not a host; it expects names and addresses alone, like studio.local or 192.168.1.7", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("me:hunter2@gpu-box")]
    [InlineData("http://hunter2@127.0.0.1:11434")]
    public void An_OLLAMA_HOST_with_a_password_is_refused_without_showing_it(string host)
    {
        var failure = Assert.Throws<LocalMcpException>(() => Endpoint.OllamaUrl(host)).Message;
        Assert.Contains("OLLAMA_HOST", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }
}
