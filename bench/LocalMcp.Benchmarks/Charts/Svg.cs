using System.Globalization;
using System.Xml.Linq;

namespace LocalMcp.Benchmarks.Charts;

/// <summary>The parts that charts are drawn of. Colours are classes, so that one drawing is legible on light and on dark; text stays text.</summary>
internal static class Svg
{
    private const string Style = """

        text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
        .title { font-weight: 600; font-size: 15px; }
        .soft { fill: #59636e; font-size: 12px; }
        .paper { fill: #ffffff; }
        .grid { stroke: #d1d9e0; stroke-width: 1; }
        .goal { stroke: #1f2328; stroke-width: 2; }
        .met { fill: #1a7f37; }
        .missed { fill: #cf222e; }
        .a { fill: #0969da; stroke: #0969da; }
        .b { fill: #bc4c00; stroke: #bc4c00; }
        .line { fill: none; stroke-width: 2; }
        .spread { stroke-width: 1.5; }
        @media (prefers-color-scheme: dark) {
          text { fill: #f0f6fc; }
          .soft { fill: #9198a1; }
          .paper { fill: #0d1117; }
          .grid { stroke: #3d444d; }
          .goal { stroke: #f0f6fc; }
          .met { fill: #3fb950; }
          .missed { fill: #f85149; }
          .a { fill: #4493f8; stroke: #4493f8; }
          .b { fill: #f0883e; stroke: #f0883e; }
          .line { fill: none; }
        }

        """;

    private static readonly XNamespace Name = "http://www.w3.org/2000/svg";

    /// <summary>A drawing on paper of its own.</summary>
    /// <param name="says">For those who do not see it.</param>
    public static string Page(int width, int height, string says, IEnumerable<XElement> parts)
    {
        var page = new XElement(
            Name + "svg",
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("role", "img"),
            new XElement(Name + "title", says),
            new XElement(Name + "style", Style.ReplaceLineEndings("\n")),
            new XElement(Name + "rect", new XAttribute("class", "paper"), new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("rx", 6)),
            parts);
        return page.ToString().ReplaceLineEndings("\n") + "\n";
    }

    /// <param name="anchor">start, middle or end.</param>
    public static XElement Text(double x, double y, string text, string? kind = null, string anchor = "start") =>
        Of("text", kind, ("x", x), ("y", y)).With("text-anchor", anchor).With(text);

    public static XElement Bar(double x, double y, double width, double height, string kind) => Of("rect", kind, ("x", x), ("y", y), ("width", width), ("height", height), ("rx", 2));

    public static XElement Line(double fromX, double fromY, double toX, double toY, string kind) => Of("line", kind, ("x1", fromX), ("y1", fromY), ("x2", toX), ("y2", toY));

    public static XElement Dot(double x, double y, string kind) => Of("circle", kind, ("cx", x), ("cy", y), ("r", 3.5));

    public static XElement Path(IEnumerable<(double X, double Y)> points, string kind) =>
        Of("polyline", kind).With("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}")));

    private static XElement Of(string element, string? kind, params IEnumerable<(string Name, double Value)> places) =>
        new(Name + element, kind is null ? null : new XAttribute("class", kind), places.Select(place => new XAttribute(place.Name, Number(place.Value))));

    private static XElement With(this XElement element, string name, string value)
    {
        element.Add(new XAttribute(name, value));
        return element;
    }

    private static XElement With(this XElement element, string text)
    {
        element.Add(text);
        return element;
    }

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
