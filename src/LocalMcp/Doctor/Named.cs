using System.Globalization;

namespace LocalMcp.Doctor;

/// <summary>Names in one line.</summary>
internal static class Named
{
    /// <summary>The first <paramref name="most"/> of them, and how many more there are.</summary>
    public static string Some(IReadOnlyList<string> names, int most)
    {
        var some = string.Join(", ", names.Take(most));
        return names.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{some} and {names.Count - most} more") : some;
    }
}
