using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>What llama.cpp warns of and fails with, on standard error: the caller reads the cause of an end from there.</summary>
internal static class NativeLog
{
    /// <summary>To be called before anything native is.</summary>
    public static void Redirect() => NativeLibraryConfig.All.WithLogCallback(Write);

    // llama.cpp calls an aborted computation a failure; it was asked for.
    private static void Write(LLamaLogLevel level, string message)
    {
        if (level is LLamaLogLevel.Warning or LLamaLogLevel.Error && !AbortSwitch.Wanted)
            Console.Error.WriteLine(message.TrimEnd());
    }
}
