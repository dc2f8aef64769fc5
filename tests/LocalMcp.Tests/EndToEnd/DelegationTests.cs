using System.Text.Json;
using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>Files in, files out, JSON, and what it saved: through the built program, as a client sees it.</summary>
public sealed class DelegationTests : IDisposable
{
    private readonly TemporaryHome home = new();
    private readonly string project;

    public DelegationTests()
    {
        project = Path.Combine(home.Folder, "project");
        Put("src/Parser.cs", "class Parser\n{\n    int position;\n}\n");
        Put("src/Lexer.cs", "class Lexer;\n");
        Put(".env", "TOKEN=hunter2\n");
    }

    public static TheoryData<string> Eras => ServerSession.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Files_go_before_the_prompt_by_name_and_the_footer_counts_them(string era)
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server, era);
        var text = await session.TextAsync("chat", new { prompt = "Explain.", files = new[] { "src/Parser.cs:2-3", "src/Lexer.cs" } });
        Assert.Matches(@" · 2 files, about \d+ tokens read$", text);
        var sent = Sent(server);
        Assert.EndsWith("\n\nExplain.", sent, StringComparison.Ordinal);
        Assert.Contains("class Lexer;", sent, StringComparison.Ordinal);
        Assert.Contains("int position;", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("class Parser", sent, StringComparison.Ordinal);
        Assert.True(sent.IndexOf("src/Lexer.cs", StringComparison.Ordinal) < sent.IndexOf("src/Parser.cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_files_in_another_order_or_by_a_pattern_make_the_same_beginning()
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server);
        await session.TextAsync("chat", new { prompt = "A", files = new[] { "src/Parser.cs", "src/Lexer.cs" } });
        await session.TextAsync("chat", new { prompt = "B", files = new[] { "src/*.cs" } });
        var sent = server.Requests.Where(request => request.Path.EndsWith("completions", StringComparison.Ordinal)).Select(Question).ToList();
        Assert.Equal(sent[0][..^1], sent[1][..^1]);
        Assert.NotEqual(sent[0], sent[1]);
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("~/.bashrc")]
    [InlineData("src/../../secret.txt")]
    [InlineData("/proc/self/environ")]
    [InlineData(".env")]
    [InlineData("src")]
    [InlineData("gone.cs")]
    public async Task A_file_that_may_not_be_read_is_refused_by_name_and_nothing_is_sent(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "secret.txt"), "outside", TestContext.Current.CancellationToken);
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server);
        var error = await session.ErrorAsync("chat", new { prompt = "Explain.", files = new[] { "src/Lexer.cs", name } });
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Path.EndsWith("completions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_pattern_finds_and_must_not_be_read_is_left_out_and_named()
    {
        Put("config/.env.local", "TOKEN=hunter2\n");
        Put("config/app.json", "{}\n");
        Put("config/server.pem", "-----BEGIN PRIVATE KEY-----\nhunter2\n");
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server);
        var text = await session.TextAsync("chat", new { prompt = "Explain.", files = new[] { "config/*" } });
        Assert.Matches(@" · 1 file, about \d+ tokens read · left out: .*server\.pem", text);
        Assert.DoesNotContain("hunter2", Sent(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_user_hides_from_Claude_stays_hidden()
    {
        Put("internal/plan.md", "hunter2\n");
        Put(".claude/settings.json", """{ "permissions": { "deny": ["Read(./internal/**)"] } }""");
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server);
        var error = await session.ErrorAsync("chat", new { prompt = "Explain.", files = "internal/plan.md" });
        Assert.Contains("Read(./internal/**)", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task The_roots_of_the_client_come_before_its_environment(string era)
    {
        var other = Directory.CreateDirectory(Path.Combine(home.Folder, "other folder")).FullName;
        await File.WriteAllTextAsync(Path.Combine(other, "note.txt"), "from the other root", TestContext.Current.CancellationToken);
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await ServerSession.StartWithRootsAsync(home, era, [other], ("LOCAL_MCP_URL", server.BaseUrl + "/v1"), ("CLAUDE_PROJECT_DIR", project));
        await session.TextAsync("chat", new { prompt = "Explain.", files = new[] { "note.txt" } });
        Assert.Contains("from the other root", Sent(server), StringComparison.Ordinal);
        Assert.Contains("src/Lexer.cs", await session.ErrorAsync("chat", new { prompt = "Explain.", files = new[] { "src/Lexer.cs" } }), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task An_answer_becomes_a_file_and_the_client_gets_a_receipt(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "Here it is:\n\n```csharp\nclass ParserTests\n{\n}\n```\n\nEnjoy." });
        await using var session = await StartAsync(server, era);
        var receipt = await session.TextAsync("chat_to_file", new { prompt = "Write tests.", path = "tests/ParserTests.cs", files = new[] { "src/Parser.cs" } });
        Assert.Equal("class ParserTests\n{\n}\n", await File.ReadAllTextAsync(Path.Combine(project, "tests", "ParserTests.cs"), TestContext.Current.CancellationToken));
        Assert.Contains("tests/ParserTests.cs", receipt, StringComparison.Ordinal);
        Assert.Contains("3 lines", receipt, StringComparison.Ordinal);
        Assert.Contains("1 file, about", receipt, StringComparison.Ordinal);
        Assert.DoesNotContain("Enjoy", receipt, StringComparison.Ordinal);
        Assert.Contains("overwrite", await session.ErrorAsync("chat_to_file", new { prompt = "Write tests.", path = "tests/ParserTests.cs" }), StringComparison.Ordinal);
        Assert.Equal(1, server.Requests.Count(request => request.Path.EndsWith("completions", StringComparison.Ordinal)));
        await session.TextAsync("chat_to_file", new { prompt = "Write tests.", path = "tests/ParserTests.cs", overwrite = true });
        Assert.Equal(["ParserTests.cs"], Directory.GetFileSystemEntries(Path.Combine(project, "tests")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_cut_answer_is_kept_beside_the_file_and_never_becomes_it()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "one two three four five six" });
        await using var session = await StartAsync(server);
        var error = await session.ErrorAsync("chat_to_file", new { prompt = "Count.", path = "count.txt", max_tokens = 3 });
        Assert.Contains("count.txt was not written: the answer was cut at max_tokens 3", error, StringComparison.Ordinal);
        Assert.Contains("count.txt.partial", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(project, "count.txt")));
        Assert.StartsWith("one two three", await File.ReadAllTextAsync(Path.Combine(project, "count.txt.partial"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_broke_off_is_kept_beside_the_file_and_never_becomes_it()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "one two three four five six", DropAfterChunks = 3 });
        await using var session = await StartAsync(server);
        var error = await session.ErrorAsync("chat_to_file", new { prompt = "Count.", path = "count.txt" });
        Assert.Contains("count.txt was not written: the answer broke off.", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project, "count.txt.partial")));
        Assert.False(File.Exists(Path.Combine(project, "count.txt")));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task An_answer_has_the_form_that_its_schema_asks_for(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = """{ "name": "Parser", "lines": 4 }""" });
        await using var session = await StartAsync(server, era);
        var result = await session.Client.CallToolAsync("chat", new Dictionary<string, object?> { ["prompt"] = "Describe.", ["json_schema"] = Schema() }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual(true, result.IsError);
        Assert.Equal(4, JsonDocument.Parse(((ModelContextProtocol.Protocol.TextContentBlock)result.Content[0]).Text).RootElement.GetProperty("lines").GetInt32());
        Assert.StartsWith("— scripted-plain", ((ModelContextProtocol.Protocol.TextContentBlock)result.Content[1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_the_wrong_form_is_repaired_once_with_what_was_wrong()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { AnswerTo = (_, question) => question.Contains("/lines", StringComparison.Ordinal) ? """{ "name": "Parser", "lines": 4 }""" : """{ "name": "Parser", "lines": "four" }""" });
        await using var session = await StartAsync(server);
        var text = await session.TextAsync("chat", new { prompt = "Describe.", json_schema = Schema() });
        Assert.Contains("second try", text, StringComparison.Ordinal);
        Assert.StartsWith("""{ "name": "Parser", "lines": 4 }""", text, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count(request => request.Path.EndsWith("completions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_that_stays_wrong_is_an_error_with_its_text()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "I would rather talk about something else." });
        await using var session = await StartAsync(server);
        var error = await session.ErrorAsync("chat", new { prompt = "Describe.", json_schema = Schema() });
        Assert.StartsWith("I would rather talk about something else.", error, StringComparison.Ordinal);
        Assert.Contains("not valid against json_schema", error, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count(request => request.Path.EndsWith("completions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_schema_that_is_none_is_refused_before_anything_is_sent()
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await StartAsync(server);
        Assert.Contains("/type", await session.ErrorAsync("chat", new { prompt = "Describe.", json_schema = new { type = "strin" } }), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Path.EndsWith("completions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_it_saved_is_counted_without_a_word_of_what_was_said()
    {
        Put("src/Large.cs", string.Concat(Enumerable.Repeat("int number = 1 ;\n", 20)));
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Answer = "xyzzy" });
        await using (var session = await StartAsync(server))
        {
            await session.TextAsync("chat", new { prompt = "plugh", files = new[] { "src/Large.cs" } });
            await session.ErrorAsync("chat", new { prompt = "plugh", model = "nobody" });
        }
        var stats = await Verb.RunAsync(home, [], "stats");
        Assert.Equal(0, stats.ExitCode);
        Assert.Matches(@"together +2 +1 +[\d,]+ +\d+ ", stats.Output);
        Assert.Matches(@"scripted-plain \(openai\) +1 +0 ", stats.Output);
        var log = string.Concat(Directory.GetFiles(Path.Combine(home.Folder, ".local", "state", "local-mcp", "stats")).Select(File.ReadAllText));
        Assert.Equal(2, log.Count(c => c == '\n'));
        Assert.All(["xyzzy", "plugh", "Large", "number"], word => Assert.DoesNotContain(word, log, StringComparison.Ordinal));
    }

    public void Dispose() => home.Dispose();

    private static object Schema() => new { type = "object", properties = new { name = new { type = "string" }, lines = new { type = "integer" } }, required = new[] { "name", "lines" } };

    private void Put(string path, string text)
    {
        var file = Path.Combine(project, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private Task<ServerSession> StartAsync(FakeModelServer server, string era = "2025-11-25") =>
        ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl + "/v1"), ("CLAUDE_PROJECT_DIR", project));

    private static string Sent(FakeModelServer server) => Question(server.Requests.Last(request => request.Path.EndsWith("completions", StringComparison.Ordinal)));

    private static string Question(RecordedRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("messages").EnumerateArray().First().GetProperty("content").GetString()!;
}
