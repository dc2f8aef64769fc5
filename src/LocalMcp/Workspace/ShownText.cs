using System.Globalization;
using System.Text;

namespace LocalMcp.Workspace;

/// <summary>A name as it can stand in one line of text: what breaks lines, hides itself or turns the direction of writing is written as <c>\u202E</c>.</summary>
internal static class ShownText
{
    public static string Of(string name)
    {
        var shown = new StringBuilder(name.Length);
        foreach (var letter in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{letter.Value:X4}");
            else
                shown.Append(letter.ToString());
        }
        return shown.ToString();
    }
}
