using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalMcp.FakeServer;

/// <summary>How long a model stays loaded: a number of seconds, or text with units such as <c>10m</c>; negative is for ever.</summary>
internal static partial class OllamaKeepAlive
{
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ForEver = TimeSpan.FromDays(365.25 * 292.4);

    /// <summary>Null with Ollama's words for it where the value is none.</summary>
    public static TimeSpan? Parse(JsonNode? node, out string error)
    {
        error = "";
        if (node is null)
            return Default;
        if (node.GetValueKind() == JsonValueKind.Number)
            return Lasting(node.GetValue<double>());

        var text = node.ToString();
        if (text is "0" or "-1")
            return Lasting(double.Parse(text, CultureInfo.InvariantCulture));
        if (Duration().Match(text) is { Success: true } match)
            return Lasting(match.Groups["part"].Captures.Sum(part => Seconds(part.Value)) * (match.Groups["minus"].Success ? -1 : 1));
        var isNumber = double.TryParse(text, CultureInfo.InvariantCulture, out _);
        error = $"time: {(isNumber ? "missing unit in" : "invalid")} duration \"{text}\"";
        return null;
    }

    private static TimeSpan Lasting(double seconds) => seconds < 0 ? ForEver : TimeSpan.FromSeconds(Math.Min(seconds, ForEver.TotalSeconds));

    private static double Seconds(string part)
    {
        var unit = part.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        var value = double.Parse(part[..^unit.Length], CultureInfo.InvariantCulture);
        return unit switch { "h" => value * 3600, "m" => value * 60, "s" => value, "ms" => value / 1e3, "us" => value / 1e6, _ => value / 1e9 };
    }

    [GeneratedRegex(@"^(?<minus>-)?(?<part>\d+(\.\d+)?(h|ms|m|s|us|ns))+$")]
    private static partial Regex Duration();
}
