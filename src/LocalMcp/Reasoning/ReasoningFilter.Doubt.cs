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

    // Whether this marker ends the doubt.
    private bool Decides(Marker marker, Standing standing)
    {
        if (phase == Phase.Reasoning)
        {
            if (!Ends(marker) || !IsSure(marker, standing))
                return false;
            Think(doubt!.Raw + doubt.Seen);
            doubt = null;
            return true;
        }
        if (marker.Form != doubt!.Marker.Form || marker.Role != MarkerRole.Closing || standing.InCode || standing.IsWord || standing.Hangs)
            return false;
        var opened = doubt;
        if (!outlet.HasText && hints.Speaks(marker.Form) && standing.After == ' ')
            return false;
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
