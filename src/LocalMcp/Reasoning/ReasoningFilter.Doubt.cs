using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>Markers whose meaning only what follows will tell. What follows is kept until then, and read again if they turn out to be text.</summary>
internal sealed partial class ReasoningFilter
{
    private readonly HashSet<Form> unpaired = [];
    private Doubt? doubt;

    /// <summary>A marker whose meaning only what follows will tell, and all that has followed so far.</summary>
    private sealed record Doubt(Marker Marker, string Raw, Standing Standing, CodeSense Sense)
    {
        public StringBuilder Seen { get; } = new();
    }

    // Behind a doubtful end of the reasoning: a sure one ends the doubt, a likelier one takes its place.
    private bool EndsDoubt(Marker marker, string raw, Standing standing)
    {
        var before = doubt!;
        var ends = Ends(marker);
        var sure = ends && IsSure(marker, standing);
        if (!sure && !(ends && Likelihood(marker, standing) > Likelihood(before.Marker, before.Standing)))
        {
            before.Seen.Append(raw);
            return false;
        }
        Think(before.Raw + before.Seen);
        doubt = sure ? null : new Doubt(marker, raw, standing, reader.Sense);
        return sure;
    }

    private int Likelihood(Marker marker, Standing standing) => standing switch
    {
        { InSpan: true } or { Before: '`', After: '`' } => 0,
        _ when marker.Form != form => 1,
        { OwnLine: true } => 5,
        { EndsLine: true } => 4,
        { InCode: true } => 2,
        _ => 3,
    };

    // Behind an opening marker that may be a word: its closing one makes it a block.
    private bool PairsUp(Marker marker, string raw, Standing standing)
    {
        var opened = doubt!;
        var pairs = marker.Form == opened.Marker.Form && marker.Role == MarkerRole.Closing && !standing.InCode && !standing.IsWord && !standing.Hangs;
        if (!pairs || (!outlet.HasText && Speaks(marker.Form) && standing.After == ' '))
        {
            opened.Seen.Append(raw);
            return false;
        }
        doubt = null;
        var seen = opened.Seen.ToString();
        if ((!opened.Standing.BeginsLine || !outlet.HasText) && !seen.Any(char.IsLetterOrDigit))
        {
            // Between the two is nothing, or "…": a pair that is spoken of.
            Spoken(opened.Marker.Form, Reach.Line);
            Literally(opened.Raw + seen);
            return true;
        }
        Begin(opened.Marker.Form, opened.Standing, opened.Sense);
        Think(seen);
        return true;
    }

    // Nothing has ended the doubt.
    private void Decide(bool cut)
    {
        var undecided = doubt!;
        doubt = null;
        if (phase == Phase.Reasoning)
        {
            trustCode = false;
            InReasoning(undecided.Marker with { Form = form }, undecided.Raw, undecided.Standing);
        }
        else if (cut && undecided.Standing.BeginsLine)
            Begin(undecided.Marker.Form, undecided.Standing, undecided.Sense);
        else
        {
            unpaired.Add(undecided.Marker.Form);
            reader.Sense = undecided.Sense;
            Spoken(undecided.Marker.Form, Reach.Line);
            Literally(undecided.Raw);
        }
        reader.Take(undecided.Seen.ToString());
    }
}
