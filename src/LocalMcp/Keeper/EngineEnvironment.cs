namespace LocalMcp.Keeper;

/// <summary>
/// What keeper and engine get of the environment of the session that happens to start them. They serve all sessions and live longer than that one, so it is
/// what they need to find their folders, libraries and graphics cards, and nothing else: no keys, no proxies, and no LLAMA_ARG_…, which would change flags.
/// </summary>
internal static class EngineEnvironment
{
    private static readonly string[] Names = ["HOME", "PATH", "USER", "LOGNAME", "LANG", "TMPDIR", "TZ", "LD_LIBRARY_PATH"];

    private static readonly string[] Beginnings =
        ["LC_", "XDG_", "DYLD_", "DOTNET_", "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "HSA_", "VK_", "ONEAPI_", "ZE_", "OMP_", "GGML_CUDA_", "GGML_METAL_", "GGML_VK_", "GGML_HIP_", "GGML_SYCL_"];

    /// <summary>Removes everything else.</summary>
    public static void Keep(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => !Names.Contains(name) && !Array.Exists(Beginnings, beginning => name.StartsWith(beginning, StringComparison.Ordinal))).ToList())
            environment.Remove(name);
    }
}
