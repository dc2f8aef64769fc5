using LocalMcp.Faults.Fuzzing;

namespace LocalMcp.Faults;

/// <summary>Broken input for what reads input. The fuzzers are in Fuzz/, what they begin with in Corpus/.</summary>
internal static class Fuzz
{
    private static readonly IReadOnlyDictionary<string, Func<Fuzzer>> Fuzzers = new Dictionary<string, Func<Fuzzer>>
    {
        ["jsonrpc"] = () => new JsonRpcFuzzer(),
        ["openai"] = () => new OpenAiFuzzer(),
        ["ollama"] = () => new OllamaFuzzer(),
        ["pages"] = () => new PagesFuzzer(),
        ["gguf"] = () => new GgufFuzzer(),
        ["settings"] = () => new SettingsFuzzer(),
        ["state"] = () => new StateFuzzer(),
        ["globs"] = () => new GlobFuzzer(),
        ["schema"] = () => new SchemaFuzzer(),
    };

    /// <returns>Whether every input was read or refused in order.</returns>
    public static bool Run(RunOptions options)
    {
        if (options.Name.Length > 0 && !Fuzzers.ContainsKey(options.Name))
        {
            Console.Error.WriteLine($"There is no fuzzer {options.Name}. There are: {string.Join(", ", Fuzzers.Keys)}.");
            return false;
        }
        var isWhole = true;
        foreach (var (_, make) in Fuzzers.Where(entry => options.Name.Length == 0 || entry.Key == options.Name))
        {
            isWhole &= RunAsync(make(), options).GetAwaiter().GetResult();
        }
        return isWhole;
    }

    private static async Task<bool> RunAsync(Fuzzer fuzzer, RunOptions options)
    {
        try
        {
            return await new FuzzRun(fuzzer, options.Seed, options.Rounds ?? fuzzer.Rounds).RunAsync();
        }
        finally
        {
            await fuzzer.EndAsync();
        }
    }
}
