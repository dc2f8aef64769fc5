using LLama.Exceptions;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>llama.cpp as LLamaSharp brings it: several libraries, one variant for each kind of processor.</summary>
internal static class NativeLibraries
{
    /// <summary>Loads them, with what they warn of and fail with on standard error: callers read the cause of an end from there.</summary>
    /// <exception cref="LoadException">They do not run here.</exception>
    public static void Load()
    {
        try
        {
            NativeLibraryConfig.All.WithLogCallback(Write);
            NativeApi.llama_empty_call();
        }
        catch (Exception unusable) when (unusable is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or RuntimeError)
        {
            throw new LoadException("error: the native libraries of LLamaSharp do not run on this system; it may be too old for them, or of a kind that they are not built for. Use llama-server.");
        }
    }

    // llama.cpp calls an aborted computation a failure; it was asked for.
    private static void Write(LLamaLogLevel level, string message)
    {
        if (level is LLamaLogLevel.Warning or LLamaLogLevel.Error && !AbortSwitch.Wanted)
            Console.Error.WriteLine(message.TrimEnd());
    }
}
