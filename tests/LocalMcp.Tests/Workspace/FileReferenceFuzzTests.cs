using System.Text;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class FileReferenceFuzzTests
{
    private const string Secret = "what is outside";

    private static readonly string[] Pieces =
    [
        "..", ".", "/", "/", "/", "*", "**", "?", "[", "]", "[a-z]", "[!x]", "{", "}", ",", "{a,b}", ":", "-", ":1", ":1-2", ":2-", ":0", ":9-1", "~", "a", "b", "src", "src/a.txt", "a.txt", ".txt", "away", "file-away", "round", "outside",
        "\\", "\n", "\0", " ", "#", "!", "é", "e\u0301", "\uD800", "🙂", "%2e%2e", "etc/passwd", "proc/self/environ", "pipe", ".env", "%00", "project", "\u202E",
    ];

    private static readonly string[] Sound = ["a.txt", "src/*.txt", "**", "src/**/é.txt", "round/src/a.txt", "a.txt:1", "[a-z]", "{src,round}/a.txt", "a:1-2"];

    [Fact]
    public void Whatever_is_named_is_read_inside_the_project_or_refused_with_a_sentence()
    {
        using var project = new FileProject().With("a.txt", "inside\n").With("src/a.txt", "inside\n").With("src/b/é.txt", "inside\n").With("a:1-2", "inside\n").With("[a-z]", "inside\n").With(".env", "A=1\n").WithPipe("pipe").WithLink("round", ".").WithLink("src/up", "..");
        File.WriteAllText(Path.Combine(project.Outside, "a.txt"), Secret);
        File.WriteAllText(Path.Combine(project.Outside, "b"), Secret);
        project.WithLink("away", project.Outside).WithLink("src/away", "../../outside").WithLink("file-away", Path.Combine(project.Outside, "a.txt"));
        var (seed, read) = (Environment.TickCount, 0);
        var random = new Random(seed);

        for (var run = 0; run < 1_500; run++)
        {
            var references = Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Reference(random)).ToArray();
            try
            {
                var set = project.Read(references);
                read++;
                Assert.All(set.Files, file => Assert.Contains("inside", file.Text));
                Assert.All(set.Files, file => Assert.DoesNotContain(file.Name, char.IsControl));
                Assert.DoesNotContain(Secret, set.Text);
                Assert.All(set.LeftOut, left => Assert.DoesNotContain(left, char.IsControl));
            }
            catch (LocalMcpException refused)
            {
                Assert.True(refused.Message.StartsWith("Nothing was sent to the model: ", StringComparison.Ordinal), $"seed {seed}: {refused.Message}");
                Assert.DoesNotContain(refused.Message, letter => char.IsControl(letter) && letter != '\n');
                Assert.DoesNotContain(Secret, refused.Message);
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {string.Join(" | ", references.Select(ShownText.Of))}: {other}");
            }
        }
        Assert.True(read > 20, $"seed {seed}: only {read} calls read something");
    }

    private static string Reference(Random random)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? Sound[random.Next(Sound.Length)] : "");
        if (text.Length > 0 && random.Next(2) == 0)
            return text.ToString();
        for (var count = random.Next(6); count >= 0; count--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
