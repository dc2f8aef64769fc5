namespace LocalMcp.Launch;

/// <summary>A shell's language, as far as setting variables goes.</summary>
internal enum ShellKind
{
    /// <summary>Any that follows POSIX: sh, bash, zsh, dash, ksh.</summary>
    Posix,

    Fish,
}

/// <summary>Variables as lines that a shell can be given. Without comments: zsh takes none where lines are pasted.</summary>
internal static class ShellLines
{
    public static IEnumerable<string> Of(IEnumerable<Variable> variables, ShellKind shell) => variables.Select(variable => Line(variable, shell));

    /// <summary>One word, whatever is in it.</summary>
    public static string Quoted(string value, ShellKind shell) => shell == ShellKind.Fish
        ? $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'"
        : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Line(Variable variable, ShellKind shell) => (variable.Value, shell) switch
    {
        (null, ShellKind.Fish) => $"set -e {variable.Name}",
        (null, _) => $"unset {variable.Name}",
        ({ } value, ShellKind.Fish) => $"set -gx {variable.Name} {Quoted(value, shell)}",
        ({ } value, _) => $"export {variable.Name}={Quoted(value, shell)}",
    };
}
