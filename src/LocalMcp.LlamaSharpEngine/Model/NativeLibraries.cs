using LLama.Exceptions;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>llama.cpp as LLamaSharp brings it: several libraries, one variant for each kind of processor.</summary>
internal static class NativeLibraries
{
    private static volatile bool loaded;

    /// <summary>Loads them, with what they warn of and fail with on standard error: callers read the cause of an end from there.</summary>
    /// <exception cref="LoadException">They do not run here.</exception>
    public static void Load()
    {
        try
        {
            NativeLibraryConfig.All.WithLogCallback(Write);
            NativeApi.llama_empty_call();
            loaded = true;
        }
        catch (Exception unusable) when (unusable is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or RuntimeError)
        {
            throw new LoadException("error: the native libraries of LLamaSharp do not run on this system; it may be too old for them, or of a kind that they are not built for. Use llama-server.");
        }
    }

    // Of the variants that LLamaSharp tries and does not find nobody needs to know. An aborted computation llama.cpp calls a failure; it was asked for.
    private static void Write(LLamaLogLevel level, string message)
    {
        if (loaded && !AbortSwitch.Wanted && level is LLamaLogLevel.Warning or LLamaLogLevel.Error)
            Console.Error.WriteLine(message.TrimEnd());
    }
}
