using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>macOS: sysctl(3), by its program. Whatever it does not say is null.</summary>
internal static class MacMachine
{
    /// <summary>Performance cores on Apple chips (hw.perflevel0.physicalcpu), else all physical cores.</summary>
    public static int? PhysicalCores() => Number("hw.perflevel0.physicalcpu") ?? Number("hw.physicalcpu");

    private static int? Number(string name)
    {
        try
        {
            using var sysctl = Process.Start(new ProcessStartInfo("/usr/sbin/sysctl", ["-n", name]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = sysctl.StandardOutput.ReadToEnd();
            sysctl.WaitForExit();
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
