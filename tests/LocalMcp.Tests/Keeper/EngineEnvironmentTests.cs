using LocalMcp.Keeper;

namespace LocalMcp.Tests.Keeper;

public sealed class EngineEnvironmentTests
{
    [Fact]
    public void Only_what_leads_to_folders_libraries_and_graphics_cards_goes_on()
    {
        string[] kept = ["HOME", "PATH", "LC_ALL", "XDG_RUNTIME_DIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "GGML_CUDA_DISABLE_GRAPHS", "DOTNET_ROOT"];
        string[] left = ["ANTHROPIC_API_KEY", "DATABASE_URL", "MYSQL_PWD", "HTTPS_PROXY", "SSH_AUTH_SOCK", "LLAMA_ARG_PORT", "LLAMA_API_KEY", "GGML_BACKEND_PATH", "LD_PRELOAD"];
        var environment = kept.Concat(left).ToDictionary(name => name, _ => (string?)"x");
        EngineEnvironment.Keep(environment);
        Assert.Equal(kept.Order(), environment.Keys.Order());
    }
}
