using LocalMcp.Models;

namespace LocalMcp.Chat.Budget;

/// <summary>
/// The last prompts that one server has counted. The next question about the same files begins like one of them: then what is new in it is estimated, and
/// the rest is known.
/// </summary>
internal sealed class CountedPrompts
{
    private const int MostKept = 4;

    // Characters of all that are kept, so a few MB of memory.
    private const long LongestKept = 2 * 1024 * 1024;

    // Where the old text ends and the new one begins tokens may be cut otherwise; and a message more has its marks of the template.
    private const int Slack = 16;

    private readonly Lock keeping = new();
    private readonly List<Entry> kept = [];

    /// <summary>Keeps what the server has counted, and the context that it told; null where it told none.</summary>
    public void Add(ModelFacts model, ChatRequest request, int tokens, int? context)
    {
        var entry = new Entry(model.Name, request.Think, request.Messages, tokens, context);
        lock (keeping)
        {
            kept.RemoveAll(old => Changed(old, entry) is { IsNone: true });
            kept.Insert(0, entry);
            while (kept.Count > MostKept || (kept.Count > 1 && kept.Sum(old => old.Length) > LongestKept))
                kept.RemoveAt(kept.Count - 1);
        }
    }

    /// <summary>How many tokens a prompt is, by those that it shares its beginning with: exactly for one that was counted. Null where there is none.</summary>
    /// <remarks>A template may do more with a schema than to put it where the text says it: such a prompt is compared with none.</remarks>
    public ChatDelta.Counted? Find(ModelFacts model, ChatRequest request)
    {
        Entry[] all;
        lock (keeping)
            all = [.. kept];
        if (all.Length == 0 || request.Schema is not null)
            return null;
        var wanted = new Entry(model.Name, request.Think, request.Messages, 0, null);
        (Entry Known, Change Change)? nearest = null;
        foreach (var known in all)
        {
            if (Changed(known, wanted) is { } change && !(nearest?.Change.Length <= change.Length))
                nearest = (known, change);
        }
        return nearest is var (from, what) && what.Of(model, from.Tokens) is { } count ? new ChatDelta.Counted(count, from.Context) : null;
    }

    // Null where they are not of one kind.
    private static Change? Changed(Entry from, Entry to)
    {
        if (from.Model != to.Model || from.Think != to.Think)
            return null;
        var change = new Change();
        for (var at = 0; at < Math.Max(from.Messages.Count, to.Messages.Count); at++)
        {
            var (old, now) = (from.Messages.ElementAtOrDefault(at), to.Messages.ElementAtOrDefault(at));
            if (old is not null && now is not null && old.Role != now.Role)
                return null;
            change.Add(old?.Content ?? "", now?.Content ?? "");
        }
        return change;
    }

    private sealed record Entry(string Model, bool Think, IReadOnlyList<ChatMessage> Messages, int Tokens, int? Context)
    {
        public long Length => Messages.Sum(message => (long)message.Content.Length);
    }

    /// <summary>What is in one prompt and not in the other.</summary>
    private sealed class Change
    {
        private readonly List<string> removed = [];
        private readonly List<string> added = [];

        public bool IsNone => removed.Count + added.Count == 0;

        public long Length => removed.Concat(added).Sum(text => (long)text.Length);

        public void Add(string old, string now)
        {
            var same = old.AsSpan().CommonPrefixLength(now);
            if (same < old.Length)
                removed.Add(old[same..]);
            if (same < now.Length)
                added.Add(now[same..]);
        }

        // Null where half of what was counted, or more, may be gone: what is left is then as good as an estimate, and less where the estimate does not suit the model.
        public TokenCount? Of(ModelFacts model, int tokens)
        {
            if (IsNone)
                return TokenCount.Exact(tokens);
            var (less, more) = (Sum(model, removed), Sum(model, added));
            if (less.High > tokens / 2)
                return null;
            var slack = Slack * (removed.Count + added.Count);
            var (low, high) = (Math.Max(0L, (long)tokens - less.High + more.Low - slack), (long)tokens - less.Low + more.High + slack);
            return new TokenCount(Tokens(low), Tokens(Math.Clamp((long)tokens - less.Expected + more.Expected, low, high)), Tokens(high));
        }

        private static TokenCount Sum(ModelFacts model, List<string> texts)
        {
            var all = texts.ConvertAll(text => TokenEstimate.Of(model, text));
            return new TokenCount(all.Sum(one => one.Low), all.Sum(one => one.Expected), all.Sum(one => one.High));
        }

        private static int Tokens(long number) => (int)Math.Min(number, int.MaxValue);
    }
}
