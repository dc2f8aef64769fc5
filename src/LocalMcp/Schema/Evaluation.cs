using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LocalMcp.Schema;

/// <summary>One check of one answer, with limits that no schema and no answer get past.</summary>
internal sealed class Evaluation(SchemaDocument document)
{
    // An answer of 100 KB under an ordinary schema takes some ten thousand.
    private const int MostSteps = 400_000;
    private const int MostDepth = 400;

    // A step is a look at one value. So many bytes or characters, walked through in one go, count as one.
    private const int CharactersForStep = 64;
    private static readonly TimeSpan LongestMatching = TimeSpan.FromSeconds(2);

    private int steps;
    private int depth;
    private TimeSpan matching;

    /// <summary>Whether what rules have looked at is to be noted.</summary>
    public bool NotesEvaluated => document.NotesEvaluated;

    public IReadOnlyList<Fault> Faults(JsonElement answer) => Check(document.Root, answer, Place.Root, new Scope(document.Root.Resource, null)).Faults;

    /// <summary>What a schema says of a value, and what it has looked at.</summary>
    public (IReadOnlyList<Fault> Faults, Evaluated Evaluated) Check(SchemaNode schema, JsonElement value, Place place, Scope scope)
    {
        Count(1);
        if (depth >= MostDepth)
            throw Endless($"its schemas lead into each other more than {MostDepth} times, last at {schema.Location}");
        var visit = new Visit(this, value, place, scope.Resource == schema.Resource ? scope : new Scope(schema.Resource, scope));
        if (schema.Always is false)
            visit.Fail("must not be there");
        depth++;
        foreach (var rule in schema.Rules)
        {
            if (visit.Faults.Count == Visit.MostFaults)
                break;
            rule.Check(visit);
        }
        depth--;
        return (visit.Faults, visit.Evaluated);
    }

    /// <inheritdoc cref="Visit.Matches"/>
    public bool Matches(EcmaPattern pattern, string text)
    {
        Count(text.Length / CharactersForStep);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var matches = pattern.IsMatch(text);
            matching += Stopwatch.GetElapsedTime(started);
            return matching < LongestMatching ? matches : throw Endless("its patterns take more than 2 s");
        }
        catch (RegexMatchTimeoutException)
        {
            throw Endless($"the pattern {pattern.Source} takes more than 1 s on one text");
        }
    }

    /// <inheritdoc cref="Visit.Canonical"/>
    public string Canonical(JsonElement json)
    {
        Count(JsonMarshal.GetRawUtf8Value(json).Length / CharactersForStep);
        return CanonicalJson.Of(json);
    }

    private void Count(int more)
    {
        steps += more;
        if (steps > MostSteps)
            throw Endless($"it takes more than {MostSteps:N0} steps");
    }

    private static LocalMcpException Endless(string why) =>
        new($"The answer cannot be checked against json_schema: {why}. Ask with a simpler schema: fewer alternatives within alternatives, simpler patterns.");
}
