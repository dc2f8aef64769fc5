using System.Globalization;
using System.Numerics;

namespace LocalMcp.Schema;

/// <summary>A JSON number without any rounding: digits times a power of ten. The digits do not end in zero, so equal numbers are equal here.</summary>
internal readonly record struct ExactNumber : IComparable<ExactNumber>
{
    // Longer ones are no numbers that somebody means, and slow to compute with.
    private const int MostCharacters = 1_000;
    private const int LargestExponent = 1_000_000;

    private readonly BigInteger digits;
    private readonly int exponent;
    private readonly int length;

    private ExactNumber(BigInteger digits, int exponent, int length) => (this.digits, this.exponent, this.length) = (digits, exponent, length);

    public bool IsInteger => exponent >= 0;

    public bool IsPositive => digits.Sign > 0;

    /// <summary>As a long integer; null for fractions and for what is out of its range.</summary>
    public long? Whole => exponent is >= 0 and < 20 && length < 20 && digits * BigInteger.Pow(10, exponent) is var whole && whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null;

    /// <summary>A number as JSON writes it; null when it has more than 1,000 characters or an exponent beyond a million.</summary>
    public static ExactNumber? Parse(string json)
    {
        if (json.Length > MostCharacters)
            return null;
        var (mantissa, power) = json.IndexOfAny(['e', 'E']) is >= 0 and var at ? (json[..at], json[(at + 1)..]) : (json, "0");
        if (!int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) || Math.Abs(exponent) > LargestExponent)
            return null;
        var point = mantissa.IndexOf('.');
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        var kept = all.TrimEnd('0');
        if (kept.Length == 0)
            return new ExactNumber(0, 0, 0);
        var digits = BigInteger.Parse(kept, CultureInfo.InvariantCulture);
        return new ExactNumber(mantissa[0] == '-' ? -digits : digits, exponent - fraction + all.Length - kept.Length, kept.Length);
    }

    public int CompareTo(ExactNumber other)
    {
        if (digits.Sign != other.digits.Sign || digits.IsZero)
            return digits.Sign.CompareTo(other.digits.Sign);
        if (length + exponent != other.length + other.exponent)
            return (length + exponent).CompareTo(other.length + other.exponent) * digits.Sign;
        var shift = exponent - other.exponent;
        return shift >= 0 ? (digits * BigInteger.Pow(10, shift)).CompareTo(other.digits) : digits.CompareTo(other.digits * BigInteger.Pow(10, -shift));
    }

    /// <summary>Whether this is a whole multiple of another number, which is not zero.</summary>
    public bool IsMultipleOf(ExactNumber of)
    {
        if (digits.IsZero)
            return true;
        var shift = exponent - of.exponent;
        // With fewer powers of ten than the other has it would have to end in zeros, and does not.
        return shift >= 0 && (digits * BigInteger.ModPow(10, shift, of.digits) % of.digits).IsZero;
    }

    /// <summary>The same for equal numbers: 1, 1.0 and 10e-1.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");
}
