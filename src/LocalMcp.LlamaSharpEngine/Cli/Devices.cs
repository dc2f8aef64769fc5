using System.Runtime.InteropServices;
using LLama.Exceptions;
using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Cli;

/// <summary>What the native library can compute on besides the processor.</summary>
internal static class Devices
{
    public static string List() => string.Join('\n', ["Available devices:", .. Names().DefaultIfEmpty("(none)").Select(name => "  " + name)]);

    private static List<string> Names()
    {
        try
        {
            // Loads the libraries in the right order.
            if (!NativeApi.llama_supports_gpu_offload())
                return [];
            return [.. Enumerable.Range(0, (int)NativeApi.ggml_backend_dev_count()).Select(Name).Where(name => name is not ("" or "CPU"))];
        }
        // Not every platform finds the part of the library that knows.
        catch (Exception unknown) when (unknown is DllNotFoundException or EntryPointNotFoundException or RuntimeError or TypeInitializationException)
        {
            return [];
        }
    }

    private static string Name(int device) =>
        Marshal.PtrToStringUTF8(NativeApi.ggml_backend_buft_name(NativeApi.ggml_backend_dev_buffer_type(NativeApi.ggml_backend_dev_get((nuint)device)))) ?? "";
}
