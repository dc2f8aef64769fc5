using System.Text;

namespace LocalMcp.Benchmarks;

/// <summary>One line of the tables: a text, and how the filter gets it.</summary>
/// <param name="Length">Characters of text, about.</param>
/// <param name="Piece">Characters of each piece; null: the text comes as a whole.</param>
/// <param name="Live">Whether text goes on at once, or is held until all of it is there; null: no filter at all, the text is only copied.</param>
internal sealed record FilterRow(FilterCase Case, int Length, int? Piece, bool? Live)
{
    public const int Megabyte = 1_000_000;

    // What a token is, about.
    private const int Token = 4;

    /// <summary>
    /// All there is to measure. An answer is held or live, and it is live only in tokens. The adversarial texts come in two lengths as well: what takes
    /// more than ten times as long when it is ten times as long is a fault.
    /// </summary>
    public static IEnumerable<FilterRow> All =>
    [
        .. FilterCases.Usual.SelectMany(text => Held(text).Append(new FilterRow(text, Megabyte, Token, Live: true))),
        .. Held(FilterCases.Plain).Select(row => row with { Live = null }),
        Long(FilterCases.Plain),
        .. FilterCases.Adversarial.SelectMany(text => Held(text).Append(Long(text))),
    ];

    /// <summary>Plain text, as long and in such pieces.</summary>
    public FilterRow Plain => this with { Case = FilterCases.Plain, Live = Live ?? false };

    public string Name => Live is null ? "memory copy" : Case.Name;

    public string PieceName => Piece is { } length ? $"{length} characters" : "whole";

    public string LiveName => Live switch { null => "", true => "live", false => "held" };

    /// <summary>Bytes of the text in UTF-8.</summary>
    public int Bytes => Encoding.UTF8.GetByteCount(Case.Text(Length));

    public override string ToString() => $"{Name}, {PieceName}, {(Live is null ? "" : LiveName + ", ")}{Length / Megabyte} MB";

    private static FilterRow[] Held(FilterCase text) => [new(text, Megabyte, Piece: null, Live: false), new(text, Megabyte, Token, Live: false)];

    private static FilterRow Long(FilterCase text) => new(text, 10 * Megabyte, Piece: null, Live: false);
}
