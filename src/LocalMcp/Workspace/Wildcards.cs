using System.Text;

namespace LocalMcp.Workspace;

/// <summary>Wildcards in one name: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c> or <c>[^a-z]</c>, and a backslash before what is meant as it stands. A bracket that is not closed stands for itself.</summary>
internal static class Wildcards
{
    /// <summary>Whether the whole name is what the pattern stands for. Takes time in proportion to both lengths multiplied, at worst.</summary>
    public static bool Match(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (atPattern, atName) = (0, 0);
        var (star, starName) = (-1, 0);
        while (atName < name.Length)
        {
            if (atPattern < pattern.Length && pattern[atPattern] == '*')
                (star, starName) = (++atPattern, atName);
            else if (atPattern < pattern.Length && One(pattern[atPattern..], name[atName..]) is var (ofPattern, ofName) && ofPattern > 0)
                (atPattern, atName) = (atPattern + ofPattern, atName + ofName);
            else if (star >= 0)
                // The last star takes one letter more. One before it need not: whatever that could find, the last one finds as well.
                (atPattern, atName) = (star, ++starName);
            else
                return false;
        }
        return pattern[atPattern..].TrimStart('*').IsEmpty;
    }

    // One letter: how much of pattern and name it takes; 0 of the pattern when it does not match.
    private static (int Pattern, int Name) One(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        Rune.DecodeFromUtf16(name, out var letter, out var length);
        if (pattern[0] == '?')
            return (1, length);
        if (pattern[0] == '[' && ClassEnd(pattern) is var end and > 0)
            return IsInClass(pattern[1..end], letter) ? (end + 1, length) : (0, 0);
        if (pattern is ['\\', _, ..])
            return pattern[1] == name[0] ? (2, 1) : (0, 0);
        return pattern[0] == name[0] ? (1, 1) : (0, 0);
    }

    // A closing bracket that comes first, also after the sign for "none of these", belongs to the class.
    private static int ClassEnd(ReadOnlySpan<char> pattern)
    {
        var first = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        for (var i = first; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (pattern[i] == ']' && i > first)
                return i;
        }
        return -1;
    }

    private static bool IsInClass(ReadOnlySpan<char> members, Rune letter)
    {
        var others = members[0] is '!' or '^';
        members = others ? members[1..] : members;
        var found = false;
        while (!members.IsEmpty)
        {
            var first = Member(ref members);
            var last = first;
            if (members is ['-', _, ..])
            {
                members = members[1..];
                last = Member(ref members);
            }
            found |= first.Value <= letter.Value && letter.Value <= last.Value;
        }
        return found != others;
    }

    private static Rune Member(ref ReadOnlySpan<char> members)
    {
        if (members is ['\\', _, ..])
            members = members[1..];
        Rune.DecodeFromUtf16(members, out var member, out var length);
        members = members[length..];
        return member;
    }
}
