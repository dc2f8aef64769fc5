using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalMcp.Pull;

namespace LocalMcp.Tests.Pull;

/// <summary>What a hostile server, or somebody in the model folder, may try.</summary>
public sealed class HubHostilityTests
{
    private const string Token = "hf_abcDEF123";
    private const string File = "m-Q4_K_M.gguf";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nno header \u001b[31m Bearer hf_abcDEF123\r\n\r\n")]
    [InlineData("HTTP/9.9 Bearer hf_abcDEF123 \u001b[31m\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad\r\nX-Error-Message: you sent Bearer hf_abcDEF123\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: ftp://hf_abcDEF123/\r\nContent-Length: 0\r\n\r\n")]
    public async Task What_a_server_repeats_of_the_token_or_sends_to_move_a_cursor_is_not_shown(string answer)
    {
        await using var home = await PullHome.WithAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = new CancellationTokenSource();
        var answering = AnswerAsync(listener, answer, over.Token);
        home.Variables = [("HF_ENDPOINT", $"http://{listener.LocalEndpoint}"), ("HF_TOKEN", Token)];
        var shown = await home.FailureAsync() + string.Concat(home.Notes);
        Assert.DoesNotContain(Token, shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(shown, char.IsControl);
        await over.CancelAsync();
        await answering;
    }

    [Fact]
    public void A_size_that_no_file_has_is_that_of_no_model() =>
        Assert.Empty(HubModel.In([new HubFile("m-00001-of-00002.gguf", long.MaxValue, null), new HubFile("m-00002-of-00002.gguf", long.MaxValue, null)]));

    [Theory]
    [InlineData("m-\u202eFFUG.gguf")]
    [InlineData("m-Q4\u200b_K_M.gguf")]
    [InlineData("m\u2028.gguf")]
    public void A_name_that_looks_like_another_is_not_fit_for_a_disk(string path) => Assert.False(ModelPlace.IsSafe(path));

    [Theory]
    [InlineData(".part")]
    [InlineData(".part.json.tmp")]
    public async Task A_link_in_the_place_of_a_file_of_ours_is_not_followed(string ending)
    {
        var model = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, model));
        var target = home.PathOf(File);
        var precious = Path.Combine(Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName, "precious");
        await System.IO.File.WriteAllTextAsync(precious, "precious", TestContext.Current.CancellationToken);
        System.IO.File.CreateSymbolicLink(target + ending, precious);
        await home.PullAsync();
        Assert.Equal("precious", await System.IO.File.ReadAllTextAsync(precious, TestContext.Current.CancellationToken));
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Equal(model, await System.IO.File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_of_the_models_name_is_told_before_a_byte_comes()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        Directory.CreateDirectory(home.PathOf(File));
        Assert.StartsWith($"There is another file at {home.PathOf(File)} already (a folder), and it is not replaced.", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(home.PathOf(File) + ".part"));
    }

    private static async Task AnswerAsync(TcpListener listener, string answer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: cancellationToken);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The test is over.
        }
    }
}
