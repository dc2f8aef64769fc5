using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>What happens to the files that sessions share with each other and with their user.</summary>
internal static class FileFaults
{
    private static readonly string[] BrokenSettings =
        ["", "{", "null", "[1]", """{ "limits": { "call_minutes": 0 } }""", """{ "no_such": true }""", """{ "servers": [ null ] }""", "\0\0\0\0", """{ "limits": { "connect_seconds": "soon" } }"""];

    private static readonly string[] GoodSettings =
        [Scene.ShortLimits, Scene.ShortLimits.Replace("\"parallel\": 2", "\"parallel\": 1", StringComparison.Ordinal), Scene.ShortLimits.Replace("\"limits\"", "\"keep_stats\": false, \"limits\"", StringComparison.Ordinal)];

    private static readonly string[] OtherText = ["", "\n", "{", "not a model", "a/b/c\nforced\n", "no-such-backend/no-such-model\n", "\0\0\0\0", new('x', 5_000), """{ "speeds": null }""", """{ "speeds": [ null, {} ] }"""];

    /// <summary>Draws one.</summary>
    /// <param name="withSettings">Whether the settings may be broken as well.</param>
    public static Fault Draw(Random random, bool withSettings)
    {
        var (other, lasting) = (OtherText[random.Next(OtherText.Length)], random.Next(50, 2_000));
        return random.Next(7) switch
        {
            0 when withSettings => Settings(BrokenSettings[random.Next(BrokenSettings.Length)], lasting),
            0 or 1 => Fault.Of("settings rewritten", "settings.json rewritten", Rewrite(GoodSettings[random.Next(GoodSettings.Length)])),
            2 => Fault.Of("active_model rewritten", $"active_model becomes {Shown(other)}", scene => scene.States.Rewrite(scene.Home.ActiveModelFile, other)),
            3 => Fault.Of("speeds.json rewritten", $"speeds.json becomes {Shown(other)}", scene => scene.States.Rewrite(scene.States.SpeedsFile, other)),
            4 => InTheWay("config folder", scene => scene.Home.ConfigFolder, lasting),
            5 => InTheWay("state folder", scene => scene.States.StateFolder, lasting),
            _ => InTheWay("project folder", scene => Path.Combine(scene.Project, "out"), lasting),
        };
    }

    private static Fault Settings(string broken, int lasting) => Fault.Of("settings broken", $"settings.json becomes {Shown(broken)} for {lasting} ms", scene =>
    {
        Rewrite(broken)(scene);
        scene.Later(lasting, () => Rewrite(Scene.ShortLimits)(scene));
    });

    private static Action<Scene> Rewrite(string settings) => scene => scene.States.Rewrite(scene.Home.SettingsFile, settings);

    // For who may write everywhere (root) a folder that cannot be written to has to be none at all.
    private static Fault InTheWay(string what, Func<Scene, string> folder, int lasting) => Environment.IsPrivilegedProcess
        ? Fault.Of($"{what} away", $"a file lies where the {what} was for {lasting} ms", scene => Swap(scene, folder(scene), lasting))
        : Fault.Of($"{what} read-only", $"the {what} is read-only for {lasting} ms", scene => Protect(scene, folder(scene), lasting));

    private static void Swap(Scene scene, string folder, int lasting)
    {
        var aside = folder + ".aside";
        if (Directory.Exists(aside))
            return;
        if (Directory.Exists(folder))
            Directory.Move(folder, aside);
        else
            Directory.CreateDirectory(aside);
        try
        {
            File.WriteAllText(folder, "in the way");
        }
        catch (UnauthorizedAccessException)
        {
            // A session has made the folder again in between: it is left as it is.
        }
        scene.Later(lasting, () => SwapBack(folder, aside));
    }

    private static void SwapBack(string folder, string aside)
    {
        if (!File.Exists(folder))
        {
            Directory.Delete(aside, recursive: true);
            return;
        }
        File.Delete(folder);
        Directory.Move(aside, folder);
    }

    private static void Protect(Scene scene, string folder, int lasting)
    {
        if (!Directory.Exists(folder))
            return;
        var mode = File.GetUnixFileMode(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        scene.Later(lasting, () => File.SetUnixFileMode(folder, mode | UnixFileMode.UserWrite));
    }

    private static string Shown(string text) => text.Length switch
    {
        0 => "empty",
        > 60 => $"{text.Length} characters",
        _ => text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal),
    };
}
