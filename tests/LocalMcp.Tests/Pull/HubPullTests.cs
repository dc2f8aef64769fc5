using LocalMcp.FakeServer;
using LocalMcp.Pull;

namespace LocalMcp.Tests.Pull;

/// <summary>A model from a Hugging Face that does as it should: what is asked for, in which order, and what lies there afterwards.</summary>
public sealed class HubPullTests
{
    private const string File = "model-Q4_K_M.gguf";

    [Fact]
    public async Task A_file_lies_below_owner_and_repository_and_nothing_lies_beside_it()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content), ("README.md", [1]));
        var pulled = await home.PullAsync();
        Assert.Equal(new Pulled("model-Q4_K_M", home.PathOf(File), content.Length, Came: true), pulled);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal([$"owner/repo/{File}"], home.Files());
    }

    [Fact]
    public async Task The_header_comes_first_and_everything_is_asked_of_one_commit()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.PullAsync();
        var commit = home.Hub.Options.Commit;
        Assert.Equal(
            ["GET /api/models/owner/repo/revision/main", $"GET /api/models/owner/repo/tree/{commit}?recursive=true", $"GET /owner/repo/resolve/{commit}/{File}", $"GET /owner/repo/resolve/{commit}/{File}"],
            home.Hub.Requests.Select(request => request.ToString()));
        Assert.StartsWith("bytes=0-", home.Hub.Requests[2].Headers["Range"], StringComparison.Ordinal);
        Assert.False(home.Hub.Requests[3].Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task Only_its_owner_can_look_into_the_folders_that_are_made()
    {
        await using var home = await PullHome.WithAsync(("Q4_K_M/" + File, PullHome.Model()));
        await home.PullAsync();
        foreach (var folder in new[] { "", "owner", "owner/repo", "owner/repo/Q4_K_M" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.Combine(home.ModelFolder, folder)));
    }

    [Fact]
    public async Task A_file_that_is_there_is_checked_and_not_downloaded()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.PullAsync();
        var again = await home.PullAsync();
        Assert.False(again.Came);
        Assert.Single(home.Hub.Downloads);
    }

    [Theory]
    [InlineData(100, "sha256")]
    [InlineData(99, "bytes and not")]
    public async Task Another_file_of_the_same_name_is_never_replaced(int kilobytes, string why)
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        var theirs = PullHome.Model(kilobytes, seed: 2);
        Directory.CreateDirectory(Path.GetDirectoryName(home.PathOf(File))!);
        await System.IO.File.WriteAllBytesAsync(home.PathOf(File), theirs);
        var failure = await home.FailureAsync();
        Assert.Contains("There is another file at " + home.PathOf(File), failure, StringComparison.Ordinal);
        Assert.Contains(why, failure, StringComparison.Ordinal);
        Assert.Equal(theirs, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Empty(home.Hub.Downloads);
    }

    [Fact]
    public async Task All_parts_of_a_split_model_come_in_order_with_one_progress()
    {
        var parts = Enumerable.Range(0, 3).Select(part => ($"Q8_0/big-Q8_0-{part + 1:D5}-of-00003.gguf", PullHome.Model(50, seed: part, part: (uint)part, parts: 3))).ToArray();
        await using var home = await PullHome.WithAsync([parts[2], parts[0], ("mmproj-F16.gguf", PullHome.Model(1)), parts[1]]);
        var pulled = await home.PullAsync();
        Assert.Equal(home.PathOf(parts[0].Item1), pulled.Where);
        Assert.Equal("big-Q8_0", pulled.Name);
        Assert.Equal(parts.Select(part => "/" + part.Item1), home.Hub.Downloads.Select(request => request.Path[request.Path.IndexOf("/Q8_0/", StringComparison.Ordinal)..]));
        foreach (var (path, content) in parts)
            Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(path)));
        var progress = home.Steps.OfType<PullStep.Bytes>().ToList();
        Assert.Equal(progress.Select(step => step.Done).Order(), progress.Select(step => step.Done));
        Assert.Equal(new PullStep.Bytes(parts.Sum(part => part.Item2.Length), parts.Sum(part => part.Item2.Length)), progress[^1]);
        Assert.Equal(3, home.Files().Count());
    }

    [Fact]
    public async Task Of_a_split_model_only_the_parts_come_that_are_missing()
    {
        var parts = Enumerable.Range(0, 2).Select(part => ($"big-Q8_0-{part + 1:D5}-of-00002.gguf", PullHome.Model(50, seed: part, part: (uint)part, parts: 2))).ToArray();
        await using var home = await PullHome.WithAsync(parts);
        await home.PullAsync();
        System.IO.File.Delete(home.PathOf(parts[1].Item1));
        Assert.True((await home.PullAsync()).Came);
        Assert.EndsWith(parts[1].Item1, home.Hub.Downloads[^1].Path, StringComparison.Ordinal);
        Assert.Equal(3, home.Hub.Downloads.Count);
    }

    [Fact]
    public async Task A_list_of_files_of_many_pages_is_read_to_its_end()
    {
        await using var home = await PullHome.WithAsync([.. Enumerable.Range(0, 7).Select(number => ($"other-{number}.txt", new byte[] { 1 })), (File, PullHome.Model())]);
        home.Hub.Options = home.Hub.Options with { PageSize = 3 };
        Assert.True((await home.PullAsync()).Came);
        Assert.Equal(3, home.Hub.Requests.Count(request => request.Path.Contains("/tree/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_before_a_byte_of_it_is_downloaded()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Fit = (header, bytes) => $"{header.Architecture} with {bytes} bytes is too much.";
        var failure = await home.FailureAsync();
        Assert.StartsWith($"llama with {content.Length} bytes is too much. Nothing was downloaded", failure, StringComparison.Ordinal);
        Assert.Empty(home.Hub.Downloads);
        Assert.Empty(home.Files());
        Assert.True((await home.PullAsync(force: true)).Came);
    }

    [Fact]
    public async Task A_header_of_several_mebibytes_is_read_as_far_as_it_goes()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model(kilobytes: 9_000, filling: new string('x', 2_500_000))));
        home.Fit = (header, _) => $"The architecture is {header.Architecture}.";
        Assert.StartsWith("The architecture is llama.", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(["bytes=0-1048575", "bytes=1048576-2097151", "bytes=2097152-4194303"], home.Hub.Requests.Where(request => request.Headers.ContainsKey("Range")).Select(request => request.Headers["Range"]));
    }

    [Fact]
    public async Task A_header_is_read_from_a_server_that_knows_no_ranges()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model(kilobytes: 5_000, filling: new string('x', 1_500_000))));
        home.Hub.Options = home.Hub.Options with { IgnoresRanges = true };
        Assert.True((await home.PullAsync()).Came);
    }

    [Fact]
    public async Task A_file_that_is_no_model_to_chat_with_is_refused_by_its_header()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model(architecture: "bert")));
        Assert.Contains("model-Q4_K_M is no model to chat with: by its header it is bert.", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.Empty(home.Hub.Downloads);
    }

    [Fact]
    public async Task A_file_without_a_header_is_refused_with_the_reason()
    {
        await using var home = await PullHome.WithAsync((File, new byte[3_000_000]));
        Assert.Contains($"{File} of owner/repo cannot be loaded: no GGUF file.", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.Empty(home.Hub.Downloads);
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_seen_before_a_byte_comes()
    {
        await using var home = await PullHome.WithAsync();
        home.Hub.Options = home.Hub.Options with { ListedOnly = new Dictionary<string, long> { ["huge-Q4_K_M.gguf"] = 70_000_000_000_000 } };
        var failure = await home.FailureAsync(force: true);
        Assert.Contains("70000.0 GB are to come, and the disk of ", failure, StringComparison.Ordinal);
        Assert.Empty(home.Hub.Downloads);
    }

    [Theory]
    [InlineData("../../../evil-Q4_K_M.gguf")]
    [InlineData("/etc/evil-Q4_K_M.gguf")]
    [InlineData("a/../../../../evil-Q4_K_M.gguf")]
    [InlineData("a\\..\\evil-Q4_K_M.gguf")]
    [InlineData(".hidden/evil-Q4_K_M.gguf")]
    [InlineData("evil\u001b[2J-Q4_K_M.gguf")]
    [InlineData("C:evil-Q4_K_M.gguf")]
    public async Task A_file_name_that_leads_elsewhere_is_no_file(string path)
    {
        await using var home = await PullHome.WithAsync();
        home.Hub.Options = home.Hub.Options with { ListedOnly = new Dictionary<string, long> { [path] = 1000 } };
        Assert.StartsWith("owner/repo has no GGUF model.", await home.FailureAsync(force: true), StringComparison.Ordinal);
        Assert.Empty(home.Files());
    }

    [Fact]
    public async Task Without_a_hash_in_the_list_the_size_is_checked_and_that_is_said()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { ListedSha256 = "" };
        Assert.True((await home.PullAsync()).Came);
        Assert.Contains($"The list of owner/repo has no sha256 of {File}: only its size was checked.", home.Notes);
        Assert.False((await home.PullAsync()).Came);
    }
}
