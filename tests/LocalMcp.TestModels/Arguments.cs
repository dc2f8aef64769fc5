using System.Globalization;

namespace LocalMcp.TestModels;

/// <summary>Options of the form --name value, and --name alone.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread;

    public Arguments(IReadOnlyList<string> arguments)
    {
        for (var at = 0; at < arguments.Count; at++)
        {
            if (!arguments[at].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"{arguments[at]} is not an option. Options start with --.");
            var hasValue = at + 1 < arguments.Count && !arguments[at + 1].StartsWith("--", StringComparison.Ordinal);
            _values[arguments[at]] = hasValue ? arguments[++at] : "";
        }

        _unread = [.. _values.Keys];
    }

    public string Required(string name) => Optional(name) ?? throw new ArgumentException($"{name} is missing.");

    public string? Optional(string name)
    {
        _unread.Remove(name);
        return _values.GetValueOrDefault(name);
    }

    public bool Has(string name) => Optional(name) is not null;

    public int Number(string name, int whenMissing) => Optional(name) is not { } text ? whenMissing
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException($"{name} needs a whole number, not \"{text}\".");

    public void RefuseUnread()
    {
        if (_unread.Count > 0) throw new ArgumentException($"Unknown option {string.Join(", ", _unread)}.");
    }
}
