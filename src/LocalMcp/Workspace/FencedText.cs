namespace LocalMcp.Workspace;

/// <summary>A fenced block of Markdown.</summary>
/// <param name="Info">What stands behind the opening fence: mostly the name of a language. Empty without.</param>
/// <param name="Text">What is in it, less the indentation of its opening fence, with the line ends that it has.</param>
/// <param name="IsClosed">False for one that no fence closed: it goes to the end of the text.</param>
internal sealed record FencedBlock(string Info, string Text, bool IsClosed)
{
    private static readonly string[] MarkdownNames = ["md", "markdown", "mdx", "gfm"];

    /// <summary>Whether it says that it holds Markdown, which has blocks of its own.</summary>
    public bool IsMarkdown { get; } = NamesMarkdown(Info);

    /// <summary>Whether the words behind an opening fence begin with a name of Markdown.</summary>
    public static bool NamesMarkdown(string info) => MarkdownNames.Contains(info.Split((char[]?)null, 2)[0], StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// The fenced blocks of a Markdown text, and what stands outside of them. Fences are those of CommonMark 0.31: three or more backticks or tildes, indented by at most
/// three columns, and by more in an item of a list; a block ends with a fence of the same kind that is not shorter and has nothing behind it, or with the text.
/// One liberty is taken, for models take it: a line in a list's block that is indented less than the item does not end the block. Blocks in quotations (<c>&gt;</c>) are not looked for.
/// </summary>
internal sealed class FencedText
{
    private readonly bool nested;
    private readonly List<FencedBlock> blocks = [];
    private readonly List<string> outside = [];

    // Columns at which the items of the lists begin that the line is in, the innermost last.
    private readonly Stack<int> items = new();
    private readonly List<string> inside = [];
    private Fence? open;
    private Fence? inner;

    private FencedText(bool nested) => this.nested = nested;

    public IReadOnlyList<FencedBlock> Blocks => blocks;

    /// <summary>The lines that are in no block, and are no fences.</summary>
    public IReadOnlyList<string> Outside => outside;

    /// <param name="text">Any text.</param>
    /// <param name="nested">Whether a fence with a language, in a block of Markdown, opens a block in that block, although the outer fence is not longer.</param>
    public static FencedText Of(string text, bool nested = false)
    {
        var read = new FencedText(nested);
        foreach (var line in LinesOf(text))
            read.Take(line);
        if (read.open is not null)
            read.End(isClosed: false);
        return read;
    }

    private static IEnumerable<string> LinesOf(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var newline ? newline + 1 : text.Length;
            yield return text[start..end];
            start = end;
        }
    }

    private void Take(string line)
    {
        if (open is not { } fence)
            TakeOutside(line);
        else if (inner is not null)
            TakeInner(line, inner);
        else if (fence.IsClosedBy(line))
            End(isClosed: true);
        else
        {
            inside.Add(line);
            inner = nested && FencedBlock.NamesMarkdown(fence.Info) && Fence.At(line, Spot.Of(line), fence.Container) is { Info.Length: > 0 } opening ? opening : null;
        }
    }

    private void TakeInner(string line, Fence fence)
    {
        inside.Add(line);
        if (fence.IsClosedBy(line))
            inner = null;
    }

    private void TakeOutside(string line)
    {
        var spot = Spot.Of(line);
        while (!spot.IsAtEnd(line) && items.TryPeek(out var item) && spot.Column < item)
            items.Pop();
        while (true)
        {
            var container = items.TryPeek(out var item) ? item : 0;
            if (Fence.At(line, spot, container) is { } fence)
            {
                (open, inner) = (fence, null);
                return;
            }
            if (spot.BehindBullet(line, container) is not { } content)
            {
                outside.Add(line);
                return;
            }
            items.Push(content.Item);
            spot = content.Spot;
        }
    }

    private void End(bool isClosed)
    {
        var indentation = open!.IndentationOf(inside);
        blocks.Add(new FencedBlock(open.Info, string.Concat(inside.Select(line => Dedented(line, indentation))), isClosed));
        inside.Clear();
        (open, inner) = (null, null);
    }

    // A line without so many columns of white space, or without what it has.
    private static string Dedented(string line, int columns)
    {
        var (index, column) = (0, 0);
        for (; column < columns && index < line.Length && line[index] is ' ' or '\t'; index++)
            column += line[index] == '\t' ? 4 - (column % 4) : 1;
        return new string(' ', Math.Max(0, column - columns)) + line[index..];
    }

    /// <summary>A place in a line, with the column that it is shown in: a tab goes to the next column that four divides.</summary>
    private readonly record struct Spot(int Index, int Column)
    {
        private const int MostIndentation = 3;
        private const int MostDigits = 9;

        /// <summary>Where the line begins behind its indentation.</summary>
        public static Spot Of(string line) => new Spot(0, 0).BehindSpaces(line);

        public bool IsAtEnd(string line) => line.AsSpan(Index).IsWhiteSpace();

        public bool IsIndentedIn(int container) => Column - container <= MostIndentation;

        public Spot BehindSpaces(string line)
        {
            var (index, column) = (Index, Column);
            for (; index < line.Length && line[index] is ' ' or '\t'; index++)
                column += line[index] == '\t' ? 4 - (column % 4) : 1;
            return new Spot(index, column);
        }

        /// <summary>Where an item of a list has its text, where one begins here; null where none does.</summary>
        public (int Item, Spot Spot)? BehindBullet(string line, int container)
        {
            if (!IsIndentedIn(container))
                return null;
            var digits = Index;
            while (digits < line.Length && char.IsAsciiDigit(line[digits]))
                digits++;
            var length = digits - Index;
            var isBullet = digits < line.Length && (length == 0 ? line[digits] is '-' or '*' or '+' : length <= MostDigits && line[digits] is '.' or ')');
            if (!isBullet || (digits + 1 < line.Length && !char.IsWhiteSpace(line[digits + 1])))
                return null;
            var behind = new Spot(digits + 1, Column + length + 1);
            var content = behind.BehindSpaces(line);
            return (content.IsAtEnd(line) || content.Column - behind.Column > 4 ? behind.Column + 1 : content.Column, content);
        }
    }

    /// <summary>An opening fence.</summary>
    /// <param name="Column">Its indentation, in columns.</param>
    /// <param name="Container">Where the text of the list's item begins that it is in; 0 outside of lists.</param>
    private sealed record Fence(char Mark, int Length, int Column, int Container, string Info)
    {
        private const int Shortest = 3;

        /// <summary>The fence that begins here, or null.</summary>
        public static Fence? At(string line, Spot spot, int container)
        {
            if (!spot.IsIndentedIn(container) || RunAt(line, spot.Index) is not (>= Shortest and var length))
                return null;
            var (mark, info) = (line[spot.Index], line[(spot.Index + length)..].Trim());
            // Backticks on the same line make it a span of code.
            return mark == '`' && info.Contains('`') ? null : new Fence(mark, length, spot.Column, container, info);
        }

        public bool IsClosedBy(string line)
        {
            var spot = Spot.Of(line);
            return spot.IsIndentedIn(Container) && RunAt(line, spot.Index) is var length && length >= Length && line[spot.Index] == Mark && line.AsSpan(spot.Index + length).IsWhiteSpace();
        }

        /// <summary>What the lines of the block are to lose: as much as the fence is indented; less where lines of a list's block are indented less than the item.</summary>
        public int IndentationOf(IReadOnlyList<string> lines)
        {
            var least = lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => Spot.Of(line).Column).DefaultIfEmpty(Column).Min();
            return least < Container ? least : Column;
        }

        private static int RunAt(string line, int index) =>
            index < line.Length && line[index] is '`' or '~' ? line.AsSpan(index).IndexOfAnyExcept(line[index]) is >= 0 and var length ? length : line.Length - index : 0;
    }
}
