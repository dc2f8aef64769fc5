using System.Xml.Linq;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.Charts;

/// <summary>A cost by size: sizes on a logarithmic scale, costs on a linear one that begins at nothing.</summary>
internal static class GrowthChart
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Left = 76;
    private const int Right = 40;
    private const int Top = 66;
    private const int Bottom = 54;
    private const int Steps = 4;
    private const int TextRoom = 26;
    private static readonly string[] Kinds = ["a", "b"];

    public static string Of(Curve curve, ResultSet set)
    {
        var points = curve.Lines.SelectMany(line => line.Points).ToList();
        var sizes = points.Select(point => point.At).Distinct().Order().ToList();
        var (smallest, largest, most) = (sizes[0], sizes[^1], Ceiling(points.Max(point => point.Cost.Upper)));
        List<XElement> parts =
        [
            Svg.Text(20, 28, curve.Title, "title"),
            Svg.Text(20, 47, $"{curve.Unit}, median and quartiles; {set.Machine.Name}, {set.Date}", "soft"),
            .. Enumerable.Range(0, Steps + 1).SelectMany(step => Grid(most * step / Steps)),
            .. sizes.Select(size => Svg.Text(X(size), Height - Bottom + 20, Spread.Size(size), "soft", "middle")),
            Svg.Text(Width - Right, Height - 14, curve.Along, "soft", "end"),
            .. curve.Lines.SelectMany((line, number) => Line(line, number)),
        ];
        return Svg.Page(Width, Height, $"{curve.Title}: {string.Join("; ", curve.Lines.Select(line => $"{line.Name} from {Spread.Number(line.Points[0].Cost.Median)} to {Spread.Number(line.Points[^1].Cost.Median)} {curve.Unit}"))}", parts);

        // Its figure would be written over the other's point.
        bool IsCloseBelowAnother(CurvePoint point) =>
            points.Any(other => other != point && other.At == point.At && Y(point.Cost.Median) - Y(other.Cost.Median) is > 0 and < TextRoom);

        double X(double size) => largest == smallest ? Left : Left + 16 + ((Width - Left - Right - 32) * Math.Log(size / smallest) / Math.Log(largest / smallest));

        double Y(double cost) => Height - Bottom - ((Height - Top - Bottom) * Math.Max(cost, 0) / most);

        IEnumerable<XElement> Grid(double cost) =>
            [Svg.Line(Left, Y(cost), Width - Right, Y(cost), "grid"), Svg.Text(Left - 8, Y(cost) + 4, Spread.Number(cost), "soft", "end")];

        IEnumerable<XElement> Line(CurveLine line, int number)
        {
            var kind = Kinds[number % Kinds.Length];
            yield return Svg.Bar(20 + (number * 220), Height - 24, 12, 12, kind);
            yield return Svg.Text(38 + (number * 220), Height - 14, line.Name, "soft");
            yield return Svg.Path(line.Points.Select(point => (X(point.At), Y(point.Cost.Median))), $"{kind} line");
            foreach (var point in line.Points)
            {
                yield return Svg.Line(X(point.At), Y(point.Cost.Lower), X(point.At), Y(point.Cost.Upper), $"{kind} spread");
                yield return Svg.Dot(X(point.At), Y(point.Cost.Median), kind);
                yield return Svg.Text(X(point.At), Y(point.Cost.Median) + (IsCloseBelowAnother(point) ? 20 : -10), Spread.Number(point.Cost.Median), "soft", "middle");
            }
        }
    }

    // The next number that can be divided into four steps that people can read.
    private static double Ceiling(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(most, 0.001))));
        return new[] { 1.2, 2, 4, 6, 8, 10, 12 }.Select(step => step * power).First(step => step >= most * 1.05 || step >= 12 * power);
    }
}
