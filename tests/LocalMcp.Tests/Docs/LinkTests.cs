using System.Text.RegularExpressions;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Docs;

/// <summary>What the documents point to is there: files, pictures, and headings.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Documents => [.. Pages().Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_to_a_file_or_a_heading_leads_somewhere(string document)
    {
        var page = Path.Combine(Repository.Root, document);
        Assert.DoesNotContain(Links().Matches(WithoutCode(File.ReadAllText(page))).Select(link => link.Groups[1].Value), link => !Leads(page, link));
    }

    [Fact]
    public void Every_document_can_be_found_from_the_readme()
    {
        HashSet<string> reached = [];
        Follow(Path.Combine(Repository.Root, "README.md"));
        Assert.DoesNotContain(Pages().Where(page => !reached.Contains(page)), page => page.StartsWith(Path.Combine(Repository.Root, "docs"), StringComparison.Ordinal));

        void Follow(string page)
        {
            if (!reached.Add(page))
                return;
            foreach (var link in Links().Matches(WithoutCode(File.ReadAllText(page))).Select(link => Target(page, link.Groups[1].Value)).Where(target => target.EndsWith(".md", StringComparison.Ordinal) && File.Exists(target)))
                Follow(link);
        }
    }

    private static IEnumerable<string> Pages() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"), .. Directory.EnumerateFiles(Repository.Root, "*.md")];

    private static bool Leads(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
            return true;
        var (target, heading) = (Target(page, link), link.Contains('#', StringComparison.Ordinal) ? link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..] : "");
        return (File.Exists(target) || Directory.Exists(target)) && (heading.Length == 0 || Headings(target).Contains(heading));
    }

    private static string Target(string page, string link)
    {
        var path = link.Split('#')[0];
        return path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
    }

    // As the forges make them: lower case, hyphens for spaces, and no punctuation.
    private static HashSet<string> Headings(string page) =>
        [.. Titles().Matches(WithoutCode(File.ReadAllText(page))).Select(title => Punctuation().Replace(title.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string WithoutCode(string text) => Fences().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Titles();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
