using System.Globalization;

namespace LocalMcp.Faults;

/// <summary>What a run is to do.</summary>
/// <param name="Verb">campaign, fuzz, or empty for the short form of both.</param>
/// <param name="Name">fuzz: the only fuzzer to run; empty for all.</param>
/// <param name="Seed">All that is random comes from it.</param>
/// <param name="Time">campaign: how long new episodes begin; the last one is finished.</param>
/// <param name="Rounds">fuzz: inputs for each fuzzer; null leaves it to the fuzzer.</param>
/// <param name="Episode">campaign: the only episode to run, to repeat a failure; null for all.</param>
internal sealed record RunOptions(string Verb, string Name, int Seed, TimeSpan Time, int? Rounds, int? Episode)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public const string Usage = """
        dotnet run --project tests/LocalMcp.Faults                                       the short form of both, as .ci/run has it
        dotnet run --project tests/LocalMcp.Faults -- campaign                           sessions at work while their world breaks, two minutes
            [--minutes M | --long]   longer; --long is an hour
            [--seed N]               repeats a run
            [--episode K]            only this one of it
        dotnet run --project tests/LocalMcp.Faults -- fuzz [name]                        broken input for what reads input
            [--seed N] [--rounds N]
        LOCAL_MCP_PROGRAM names another local-mcp than the one that was built along, for example an installed one.
        """;

    /// <summary>The options in these words; null where they are not understood.</summary>
    public static RunOptions? Of(string[] words)
    {
        var options = new RunOptions("", "", Random.Shared.Next(), Short, null, null);
        for (var i = 0; i < words.Length; i++)
        {
            RunOptions? next = (words[i], i + 1 < words.Length ? Number(words[i + 1]) : null) switch
            {
                ("campaign" or "fuzz", _) when i == 0 => options with { Verb = words[i] },
                ("--long", _) => options with { Time = Long },
                ("--seed", { } seed) => options with { Seed = seed },
                ("--minutes", { } minutes) => options with { Time = TimeSpan.FromMinutes(minutes) },
                ("--rounds", { } rounds) => options with { Rounds = rounds },
                ("--episode", { } episode) => options with { Episode = episode },
                (var name, _) when i == 1 && options.Verb == "fuzz" && !name.StartsWith('-') => options with { Name = name },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
            i += words[i] is "--seed" or "--minutes" or "--rounds" or "--episode" ? 1 : 0;
        }
        return options;
    }

    private static int? Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
