using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>Ends a computation of llama.cpp in its middle: llama.cpp asks before each step. One context, so one switch.</summary>
internal static unsafe class AbortSwitch
{
    private static volatile bool wanted;

    public static bool Wanted
    {
        get => wanted;
        set => wanted = value;
    }

    public static nint Callback { get; } = (nint)(delegate* unmanaged[Cdecl]<void*, byte>)&Ask;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Ask(void* unused) => wanted ? (byte)1 : (byte)0;
}
