using System.Globalization;

namespace LocalMcp.FakeServer;

/// <summary>The program's arguments: a scenario, then single knobs on top of it.</summary>
internal sealed record CommandLine(int Port, bool UntilStdinCloses, bool Help, FakeOptions Options)
{
    private static readonly Dictionary<string, Func<FakeOptions, string, FakeOptions>> Knobs = new()
    {
        ["--kind"] = (o, v) => o with { Kind = Kind(v) },
        ["--model"] = (o, v) => o with { Models = [.. ReferenceEquals(o.Models[0], FakeModel.Default) ? [] : o.Models, new FakeModel(v, Loaded: true)] },
        ["--answer"] = (o, v) => o with { Answer = v },
        ["--reasoning"] = (o, v) => o with { Reasoning = v },
        ["--tokens-per-second"] = (o, v) => o with { TokensPerSecond = double.Parse(v, CultureInfo.InvariantCulture) },
        ["--finish-reason"] = (o, v) => o with { FinishReason = v },
        ["--answered-model"] = (o, v) => o with { AnsweredModel = v },
        ["--bytes-per-write"] = (o, v) => o with { BytesPerWrite = Number(v) },
        ["--api-key"] = (o, v) => o with { ApiKey = v },
        ["--faults-on"] = (o, v) => o with { FaultsOn = Enum.Parse<FaultScope>(v, ignoreCase: true) },
        ["--delay-ms"] = (o, v) => o with { DelayBeforeHeaders = TimeSpan.FromMilliseconds(Number(v)) },
        ["--unavailable-for-ms"] = (o, v) => o with { UnavailableFor = TimeSpan.FromMilliseconds(Number(v)) },
        ["--unavailable-first"] = (o, v) => o with { UnavailableForFirst = Number(v) },
        ["--status"] = (o, v) => o with { Status = Number(v) },
        ["--status-text"] = (o, v) => o with { StatusText = v },
        ["--redirect-to"] = (o, v) => o with { RedirectTo = v },
        ["--hold-after"] = (o, v) => o with { HoldAfterChunks = Number(v) },
        ["--drop-after"] = (o, v) => o with { DropAfterChunks = Number(v) },
        ["--end-after"] = (o, v) => o with { EndAfterChunks = Number(v) },
        ["--garbage-after"] = (o, v) => o with { GarbageAfterChunks = Number(v) },
        ["--error-after"] = (o, v) => o with { ErrorAfterChunks = Number(v) },
        ["--error-text"] = (o, v) => o with { ErrorText = v },
    };

    public static string Usage => $"""
        fake-server: a model server that answers by script and fails on request, on 127.0.0.1 only.

          --port N               0 (default) takes any free port; the first line on standard output tells which
          --scenario NAME        one of those below; other options change it further, whatever their order
          --until-stdin-closes   ends at the end of standard input too; a line "release" there opens a gate once
          {string.Join("\n  ", Knobs.Keys.Select(knob => knob + " VALUE"))}

        Kinds: {string.Join(", ", Enum.GetNames<ServerKind>().Select(name => name.ToLowerInvariant()))}

        Scenarios:
          {string.Join("\n  ", Scenarios.All.Select(scenario => $"{scenario.Name,-20} {scenario.Says}"))}
        """;

    /// <exception cref="FormatException">An option or a value is unknown; the message says which.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(0, false, false, new FakeOptions());
        List<(string Knob, string Value)> knobs = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            line = arguments[i] switch
            {
                "--help" or "-h" => line with { Help = true },
                "--until-stdin-closes" => line with { UntilStdinCloses = true },
                "--port" => line with { Port = Number(Value(arguments, ref i)) },
                "--scenario" => line with { Options = ScenarioNamed(Value(arguments, ref i)) },
                var knob when Knobs.ContainsKey(knob) => line.Then(knobs, knob, Value(arguments, ref i)),
                var other => throw new FormatException($"Unknown option '{other}'. See --help."),
            };
        }

        return line with { Options = knobs.Aggregate(line.Options, (options, knob) => Knobs[knob.Knob](options, knob.Value)) };
    }

    private CommandLine Then(List<(string, string)> knobs, string knob, string value)
    {
        knobs.Add((knob, value));
        return this;
    }

    private static string Value(IReadOnlyList<string> arguments, ref int i) =>
        ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[^1]} needs a value.");

    private static FakeOptions ScenarioNamed(string name) =>
        Scenarios.ByName.TryGetValue(name, out var options) ? options : throw new FormatException($"There is no scenario '{name}'. See --help.");

    private static int Number(string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{value}' is not a whole number.");

    private static ServerKind Kind(string value) =>
        Enum.TryParse<ServerKind>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var kind)
            ? kind
            : throw new FormatException($"There is no kind '{value}'. See --help.");
}
