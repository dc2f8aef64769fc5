using LocalMcp.FakeServer;
using LocalMcp.Pull;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Pull;

/// <summary>Who gets the token, where redirects may lead, and what a refusal means to the reader.</summary>
public sealed class HubAccessTests
{
    private const string File = "model-Q4_K_M.gguf";
    private const string Token = "hf_secretsecretsecret";

    [Fact]
    public async Task The_token_goes_to_the_endpoint_and_never_to_where_it_redirects()
    {
        var content = PullHome.Model();
        await using var cdn = await FakeHub.StartAsync(new HubOptions { Repositories = HubOptions.With("owner/repo", (File, content)) });
        await using var home = await PullHome.WithAsync((File, content));
        home.Variables = [("HF_TOKEN", Token)];
        home.Hub.Options = home.Hub.Options with { Token = Token, RedirectTo = cdn.BaseUrl };
        await home.PullAsync();
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.All(home.Hub.Requests, request => Assert.Equal($"Bearer {Token}", request.Headers["Authorization"]));
        Assert.Equal(2, cdn.Requests.Count);
        Assert.All(cdn.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task A_content_server_that_drops_is_found_again_through_the_endpoint()
    {
        var content = PullHome.Model();
        await using var cdn = await FakeHub.StartAsync(new HubOptions { Repositories = HubOptions.With("owner/repo", (File, content)), DropAfter = 40_000 });
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { RedirectTo = cdn.BaseUrl };
        await home.PullAsync();
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal([null, "bytes=40000-", "bytes=80000-"], home.Hub.Downloads.Select(request => request.Headers.GetValueOrDefault("Range")));
        // The tag is the content server's own, and goes to nobody else.
        Assert.All(home.Hub.Downloads, request => Assert.False(request.Headers.ContainsKey("If-Range")));
        Assert.All(cdn.Downloads.Skip(1), request => Assert.True(request.Headers.ContainsKey("If-Range")));
    }

    [Fact]
    public async Task A_content_server_that_refuses_an_address_is_asked_with_a_new_one()
    {
        var content = PullHome.Model();
        await using var cdn = await FakeHub.StartAsync(new HubOptions { Repositories = HubOptions.With("owner/repo", (File, content)), Status = 403, StatusForFiles = true, StatusFirst = 1 });
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { RedirectTo = cdn.BaseUrl };
        Assert.True((await home.PullAsync()).Came);
        Assert.Single(home.Clock.Pauses);
    }

    [Theory]
    [InlineData("http://example.invalid")]
    [InlineData("file:///etc")]
    public async Task A_redirect_out_of_https_is_not_followed(string target)
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { RedirectTo = target };
        Assert.Contains("which is not followed: only https is.", await home.FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        var circle = new Dictionary<string, string> { ["Location"] = "/api/models/owner/repo/revision/main" };
        home.Hub.Options = home.Hub.Options with { Status = 307, Headers = circle };
        Assert.Contains("redirected more than 10 times", await home.FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_was_renamed_is_found_under_its_new_name()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Variables = [("HF_TOKEN", Token)];
        home.Hub.Options = home.Hub.Options with { Token = Token, Status = 307, StatusFirst = 1, Headers = new Dictionary<string, string> { ["Location"] = "/api/models/owner/repo/revision/main" } };
        Assert.True((await home.PullAsync()).Came);
    }

    [Theory]
    [InlineData("https://huggingface.co", "https://huggingface.co/a", true)]
    [InlineData("https://huggingface.co", "http://huggingface.co/a", false)]
    [InlineData("https://huggingface.co", "https://cdn-lfs.huggingface.co/a", false)]
    [InlineData("https://huggingface.co", "https://huggingface.co:444/a", false)]
    [InlineData("https://huggingface.co", "https://huggingface.co.evil.example/a", false)]
    [InlineData("http://mirror.example", "http://mirror.example/a", false)]
    [InlineData("http://127.0.0.1:80", "http://127.0.0.1:80/a", true)]
    [InlineData("http://127.0.0.1:80", "http://127.0.0.1:81/a", false)]
    [InlineData("http://localhost:80", "http://127.0.0.1:80/a", false)]
    public void The_token_is_for_the_endpoint_alone_and_never_crosses_a_network_in_the_clear(string endpoint, string target, bool gets)
    {
        using var home = new TemporaryHome();
        var address = HubAddress.Of(home.Environment(("HF_ENDPOINT", endpoint), ("HF_TOKEN", Token)));
        Assert.Equal(gets ? Token : "", address.TokenFor(new Uri(target)));
    }

    [Theory]
    [InlineData("https://huggingface.co", "https://cdn.example/a", true)]
    [InlineData("https://huggingface.co", "http://cdn.example/a", false)]
    [InlineData("https://huggingface.co", "http://127.0.0.1/a", false)]
    [InlineData("https://huggingface.co", "ftp://huggingface.co/a", false)]
    [InlineData("http://mirror.example", "http://mirror.example/a", true)]
    [InlineData("http://mirror.example", "http://other.example/a", false)]
    [InlineData("http://mirror.example", "http://127.0.0.1/a", false)]
    [InlineData("http://127.0.0.1:80", "http://127.0.0.1:81/a", true)]
    public void A_redirect_leads_over_https_or_stays_where_it_was(string endpoint, string target, bool may)
    {
        using var home = new TemporaryHome();
        Assert.Equal(may, HubAddress.Of(home.Environment(("HF_ENDPOINT", endpoint))).MayLeadTo(new Uri(target)));
    }

    [Fact]
    public void The_token_is_that_of_HF_TOKEN_then_of_its_older_name_then_of_the_file()
    {
        using var home = new TemporaryHome();
        var file = Path.Combine(home.Folder, ".cache", "huggingface", "token");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, "from_file\n");
        Assert.Equal("from_file", TokenOf());
        Assert.Equal("older", TokenOf(("HUGGING_FACE_HUB_TOKEN", "older")));
        Assert.Equal("newer", TokenOf(("HUGGING_FACE_HUB_TOKEN", "older"), ("HF_TOKEN", "newer")));
        Assert.Equal("", TokenOf(("HF_HOME", Path.Combine(home.Folder, "elsewhere"))));

        string TokenOf(params (string, string)[] variables) => HubAddress.Of(home.Environment(variables)).TokenFor(new Uri("https://huggingface.co/x"));
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "https://user:sesame@huggingface.co")]
    [InlineData("HF_TOKEN", "hf_ sesame")]
    [InlineData("HF_TOKEN", "hf_sesamé")]
    public void A_variable_that_cannot_be_used_is_named_and_not_shown(string name, string value)
    {
        using var home = new TemporaryHome();
        var failure = Assert.Throws<LocalMcpException>(() => HubAddress.Of(home.Environment((name, value)))).Message;
        Assert.Contains(name, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("sesam", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_not_shown_is_told_with_those_of_a_like_name()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Catalog = new PullCatalog { Repositories = () => ["other/repo", "somebody/else"] };
        var failure = await home.FailureAsync("hf:owner/rebo");
        Assert.Contains("has no repository owner/rebo, or does not show it (401: \"Invalid username or password.\"). If it is private or gated, set HF_TOKEN", failure, StringComparison.Ordinal);
        Assert.Contains("Repositories of a like name: owner/repo, other/repo.", failure, StringComparison.Ordinal);
        home.Hub.Options = home.Hub.Options with { SaysNotFound = true };
        Assert.Contains("(404: \"Repository not found\")", await home.FailureAsync("hf:owner/rebo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gated_repository_says_where_its_terms_are_accepted()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Gated = true };
        var failure = await home.FailureAsync();
        Assert.Contains($"owner/repo is gated: its owner wants its terms accepted (403: \"Access to this model is restricted and you are not in the authorized list.\"). Accept them at {home.Hub.BaseUrl}/owner/repo, set HF_TOKEN", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_taken_is_named_and_never_shown()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Variables = [("HF_TOKEN", Token)];
        home.Hub.Options = home.Hub.Options with { Token = "another" };
        var failure = await Assert.ThrowsAnyAsync<LocalMcpException>(() => home.PullAsync());
        Assert.Contains("does not take the token (401: \"Invalid credentials in Authorization header\"). Make a new one", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(home.Notes, note => note.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_at_the_endpoint_is_told_at_once()
    {
        await using var home = await PullHome.WithAsync();
        home.Variables = [("HF_ENDPOINT", ClosedPort.Url())];
        Assert.Contains(": connection refused. Check the network, and HF_ENDPOINT if it is set.", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.Empty(home.Clock.Pauses);
    }
}
