using System.Runtime.InteropServices;
using LLama.Native;
using LocalMcp.LlamaSharpEngine.Model;

namespace LocalMcp.LlamaSharpEngine.Cli;

/// <summary>What the native library can compute on besides the processor.</summary>
internal static class Devices
{
    /// <exception cref="LoadException">The native library does not run here.</exception>
    public static string List()
    {
        NativeLibraries.Load();
        return string.Join('\n', ["Available devices:", .. Names().DefaultIfEmpty("(none)").Select(name => "  " + name)]);
    }

    private static List<string> Names()
    {
        if (!NativeApi.llama_supports_gpu_offload())
            return [];
        try
        {
            return [.. Enumerable.Range(0, (int)NativeApi.ggml_backend_dev_count()).Select(Name).Where(name => name is not ("" or "CPU"))];
        }
        // Not every platform finds the part of the library that knows.
        catch (Exception unknown) when (unknown is DllNotFoundException or EntryPointNotFoundException)
        {
            return [];
        }
    }

    private static string Name(int device) =>
        Marshal.PtrToStringUTF8(NativeApi.ggml_backend_buft_name(NativeApi.ggml_backend_dev_buffer_type(NativeApi.ggml_backend_dev_get((nuint)device)))) ?? "";
}
