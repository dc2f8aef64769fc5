using System.Globalization;
using System.Text;

namespace LocalMcp.Schema;

/// <summary>
/// Writes a pattern of ECMA-262 in .NET's dialect. They differ in what \d, \w, \s, \b, $ and the dot mean, in classes, and in characters beyond
/// U+FFFF, which are two of .NET's. In \p{…} those characters are not looked at.
/// </summary>
internal sealed class EcmaTranslation
{
    // White space and line ends of ECMA-262, and all characters of the Basic Multilingual Plane that are not among some.
    private const string Space = @"\t-\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
    private const string NoSpace = @"\0-\x08\x0E-\x1F!-\u009F\u00A1-\u167F\u1681-\u1FFF\u200B-\u2027\u202A-\u202E\u2030-\u205E\u2060-\u2FFF\u3001-\uD7FF\uE000-\uFEFE\uFF00-\uFFFF";
    private const string Word = "A-Za-z0-9_";
    private const string NoWord = @"\0-/:-@[-\^`{-\uD7FF\uE000-\uFFFF";
    private const string NoDigit = @"\0-/:-\uD7FF\uE000-\uFFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";
    private const string Surrogates = @"\uD800-\uDFFF";

    private readonly string source;
    private readonly StringBuilder text = new();
    private int at;

    private EcmaTranslation(string source) => this.source = source;

    /// <exception cref="FormatException">The pattern has something that ECMA-262 does not know; the message is the end of a sentence.</exception>
    public static string Of(string source)
    {
        var translation = new EcmaTranslation(source);
        while (translation.at < source.Length)
            translation.Next();
        return translation.text.ToString();
    }

    private void Next()
    {
        switch (source[at])
        {
            case '\\':
                Escape();
                break;
            case '[':
                Class();
                break;
            case '(' when Follows("?"):
                Group();
                break;
            case '.':
                text.Append($@"(?:{Pair}|[^\n\r\u2028\u2029{Surrogates}])");
                at++;
                break;
            case '$':
                text.Append(@"\z");
                at++;
                break;
            case ' ' or '#':
                text.Append('\\').Append(source[at++]);
                break;
            case < '\u0080':
                text.Append(source[at++]);
                break;
            default:
                Literal(Character());
                break;
        }
    }

    private void Group()
    {
        var name = Follows("?<") && !Follows("?<=") && !Follows("?<!");
        if (!name && !Follows("?:") && !Follows("?=") && !Follows("?!") && !Follows("?<=") && !Follows("?<!"))
            throw new FormatException($"has a group that begins with {source[at..Math.Min(at + 4, source.Length)]}, which ECMAScript does not know");
        text.Append("(?");
        at += 2;
    }

    private void Escape()
    {
        var letter = at + 1 < source.Length ? source[at + 1] : throw new FormatException("ends with a backslash");
        switch (letter)
        {
            case 'd' or 'w' or 's':
                text.Append('[').Append(Members(letter)).Append(']');
                at += 2;
                break;
            case 'D' or 'W' or 'S':
                text.Append($"(?:{Pair}|[{Members(letter)}])");
                at += 2;
                break;
            case 'b':
                text.Append($"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))");
                at += 2;
                break;
            case 'B':
                text.Append($"(?:(?<=[{Word}])(?=[{Word}])|(?<![{Word}])(?![{Word}]))");
                at += 2;
                break;
            case 'p' or 'P':
                text.Append(Category());
                break;
            case 'k':
                text.Append(@"\k");
                at += 2;
                break;
            case >= '1' and <= '9':
                Backreference();
                break;
            default:
                Literal(Character());
                break;
        }
    }

    // A group that took no part matches the empty text.
    private void Backreference()
    {
        var end = at + 1;
        while (end < source.Length && char.IsAsciiDigit(source[end]))
            end++;
        var number = source[(at + 1)..end];
        text.Append($@"(?({number})\{number})");
        at = end;
    }

    private void Class()
    {
        at++;
        var negated = at < source.Length && source[at] == '^';
        if (negated)
            at++;
        var (members, pairs, beyond) = (new StringBuilder(), new List<string>(), false);
        while (true)
        {
            if (at >= source.Length)
                throw new FormatException("has a [ without its ]");
            if (source[at] == ']')
                break;
            beyond |= Member(members, pairs);
        }
        at++;
        text.Append(ClassOf(members.ToString(), pairs, beyond, negated));
    }

    // What .NET calls a character is a half of one here: whole pairs are alternatives of the class.
    private static string ClassOf(string members, List<string> pairs, bool beyond, bool negated)
    {
        var some = string.Join('|', pairs);
        if (!negated)
            return $"(?:{string.Join('|', new[] { beyond ? Pair : some, members.Length > 0 ? $"[{members}]" : "", beyond || some.Length + members.Length > 0 ? "" : "(?!)" }.Where(part => part.Length > 0))})";
        var others = beyond ? "" : some.Length > 0 ? $"(?!{some}){Pair}|" : $"{Pair}|";
        return $"(?:{others}[^{members}{Surrogates}])";
    }

    // One member or a range. True where it stands for all characters beyond U+FFFF too.
    private bool Member(StringBuilder members, List<string> pairs)
    {
        if (source[at] == '\\' && at + 1 < source.Length && source[at + 1] is var letter && letter is 'd' or 'D' or 'w' or 'W' or 's' or 'S')
        {
            members.Append(Members(letter));
            at += 2;
            return char.IsUpper(letter);
        }
        if (source[at] == '\\' && at + 1 < source.Length && source[at + 1] is 'p' or 'P')
        {
            members.Append(Category());
            return false;
        }
        var first = Character(inClass: true);
        var last = first;
        if (at + 1 < source.Length && source[at] == '-' && source[at + 1] != ']' && !Follows("\\d") && !Follows("\\w") && !Follows("\\s"))
        {
            at++;
            last = Character(inClass: true);
        }
        if (last < first)
            throw new FormatException("has a range whose end is before its beginning");
        Range(first, last, members, pairs);
        return false;
    }

    private static void Range(int first, int last, StringBuilder members, List<string> pairs)
    {
        if (first <= 0xFFFF)
            members.Append($"{Unit(first)}-{Unit(Math.Min(last, 0xFFFF))}");
        for (var from = Math.Max(first, 0x10000); from <= last;)
        {
            // All that share the first half of the pair, and where that is whole, all whole ones in one go.
            var (high, low) = ((from - 0x10000) >> 10, (from - 0x10000) & 0x3FF);
            var (highest, lowest) = ((last - 0x10000) >> 10, (last - 0x10000) & 0x3FF);
            var until = low == 0 && lowest == 0x3FF ? highest : low == 0 && highest > high ? highest - 1 : high;
            var end = until == highest ? lowest : 0x3FF;
            pairs.Add($"[{Unit(0xD800 + high)}-{Unit(0xD800 + until)}][{Unit(0xDC00 + low)}-{Unit(0xDC00 + end)}]");
            from = 0x10000 + (until << 10) + end + 1;
        }
    }

    private void Literal(int character) => text.Append(character > 0xFFFF
        ? $"(?:{Unit(0xD800 + ((character - 0x10000) >> 10))}{Unit(0xDC00 + ((character - 0x10000) & 0x3FF))})"
        : Unit(character));

    // The code point at this place, escaped or not.
    private int Character(bool inClass = false)
    {
        var first = source[at++];
        if (first != '\\')
            return char.IsHighSurrogate(first) && at < source.Length && char.IsLowSurrogate(source[at]) ? char.ConvertToUtf32(first, source[at++]) : first;
        var letter = at < source.Length ? source[at++] : throw new FormatException("ends with a backslash");
        return letter switch
        {
            't' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            'b' when inClass => '\b',
            '0' => 0,
            'x' => Hex(2),
            'u' => Unicode(),
            'c' when at < source.Length && char.IsAsciiLetter(source[at]) => source[at++] % 32,
            _ when char.IsAsciiLetterOrDigit(letter) => throw new FormatException($"has \\{letter}, which ECMAScript does not know"),
            _ => letter,
        };
    }

    private int Unicode()
    {
        if (at < source.Length && source[at] == '{')
        {
            var end = source.IndexOf('}', at);
            var digits = end > 0 ? source[(at + 1)..end] : throw new FormatException("has a \\u{ without its }");
            at = end + 1;
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character) && character <= 0x10FFFF ? character : throw new FormatException("has \\u{…} with what is no character");
        }
        var unit = Hex(4);
        return char.IsHighSurrogate((char)unit) && Follows("\\u", 0) ? WithLow(unit) : unit;
    }

    private int WithLow(int high)
    {
        var before = at;
        at += 2;
        var low = Hex(4);
        if (char.IsLowSurrogate((char)low))
            return char.ConvertToUtf32((char)high, (char)low);
        at = before;
        return high;
    }

    private int Hex(int length)
    {
        if (at + length > source.Length || !int.TryParse(source.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            throw new FormatException("has \\x or \\u without its hexadecimal digits");
        at += length;
        return number;
    }

    // \p{L}, \p{Letter}, \p{General_Category=Letter}: .NET knows the short names.
    private string Category()
    {
        var end = source.IndexOf('}', at);
        if (end < at + 3 || source[at + 2] != '{')
            throw new FormatException("has \\p without a name in braces");
        var (sign, name) = (source[at + 1], source[(at + 3)..end]);
        at = end + 1;
        return EcmaCategories.ShortName(name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..]) is { } category ? $"\\{sign}{{{category}}}" : throw new FormatException($"has \\p{{{name}}}, which is not known here: known are general categories, as \\p{{Letter}} or \\p{{Lu}}");
    }

    private bool Follows(string next, int after = 1) => source.AsSpan(Math.Min(at + after, source.Length)).StartsWith(next, StringComparison.Ordinal);

    private static string Members(char letter) => letter switch
    {
        'd' => "0-9",
        'D' => NoDigit,
        'w' => Word,
        'W' => NoWord,
        's' => Space,
        _ => NoSpace,
    };

    private static string Unit(int character) => $"\\u{character:X4}";
}
