using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>
/// The channels of gpt-oss: a header names one, and its text follows. Only final is the answer; analysis is reasoning. Commentary is for tools when
/// it names a recipient; else it is a word to the user before the answer proper, and part of it, as the format and all four parsers have it.
/// </summary>
internal sealed partial class ReasoningFilter
{
    // A header is a role, a channel, a recipient and a content type.
    private const int LongestHeader = 256;

    private readonly StringBuilder header = new();
    private readonly StringBuilder between = new();
    private bool hasRecipient;
    private bool preamble;

    private static readonly string[] Roles = ["assistant", "commentary"];

    private bool HeaderInAnswer(MarkerRole role)
    {
        if (role == MarkerRole.Message && outlet.Holding && outlet.Held.Length <= LongestHeader && outlet.Held.ToString().Trim() is "analysis" or "commentary" or "final" or "assistant")
        {
            // The template wrote the header's beginning.
            header.Clear().Append(outlet.Held);
            outlet.Forget();
            ForgetPlaces();
            BeginBody();
            return true;
        }
        if (role == MarkerRole.Header)
            BeginHeader();
        else if (role == MarkerRole.Over)
            BeginBetween();
        return true;
    }

    // Whether the marker is a part of a header, or of what is between two texts.
    private bool InHeader(Marker marker, string raw)
    {
        if (phase == Phase.Between)
        {
            if (marker.Role == MarkerRole.Message)
                header.Clear().Append(between);
            else if (marker.Role != MarkerRole.Header)
            {
                EndBetween();
                return false;
            }
            between.Clear();
        }
        switch (marker.Role)
        {
            case MarkerRole.Header:
                BeginHeader();
                break;
            case MarkerRole.Message:
                BeginBody();
                break;
            case MarkerRole.Over:
                EndHeader();
                BeginBetween();
                break;
            default:
                foreach (var c in raw)
                    TakeHeader(c);
                break;
        }
        return true;
    }

    private void BeginHeader()
    {
        if (phase != Phase.Header)
            hasRecipient = false;
        hasRecipient |= header.ToString().Contains("to=", StringComparison.Ordinal);
        header.Clear();
        lead.Clear();
        (phase, seekMonologue) = (Phase.Header, false);
    }

    private void TakeHeader(char c)
    {
        header.Append(c);
        if (header.Length > LongestHeader)
            EndHeader();
    }

    private void BeginBody()
    {
        var words = header.ToString();
        hasRecipient |= words.Contains("to=", StringComparison.Ordinal);
        var channel = words.Split([' ', '<', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        header.Clear();
        if (channel is "final" or "assistant" or "" || (channel == "commentary" && !hasRecipient))
        {
            // The word before the answer has a line of its own.
            if (preamble && outlet.HasText && !outlet.EndsLine)
                outlet.Text('\n');
            preamble = channel == "commentary";
            blocks++;
            reader.Sense = new CodeSense();
            reasoningIsOver |= !outlet.HasText;
            phase = Phase.Answer;
            if (!outlet.HasText)
                AfterReasoning();
            return;
        }
        Begin(Forms.Harmony, default);
        hasRecipient = false;
    }

    // A header without the marker that ends it: what stands behind the channel's name is the text.
    private void EndHeader()
    {
        var words = header.ToString();
        var name = words.TrimStart().Split([' ', '\n', '<', '{'], 2)[0];
        var rest = words.TrimStart()[name.Length..];
        header.Clear().Append(name);
        BeginBody();
        foreach (var c in rest.TrimStart())
            OnText(c);
    }

    private void BeginBetween()
    {
        between.Clear();
        phase = Phase.Between;
    }

    private void TakeBetween(char c)
    {
        between.Append(c);
        var word = between.ToString().TrimStart();
        if (between.Length > LongestHeader || !Array.Exists(Roles, role => role.StartsWith(word.TrimEnd(), StringComparison.Ordinal)))
            EndBetween();
    }

    private void EndBetween()
    {
        var text = between.ToString();
        between.Clear();
        phase = Phase.Answer;
        skipBlankLines |= !outlet.HasText;
        foreach (var c in text)
            Answer(c);
    }

    // What is left of a phase when the stream ends.
    private void EndPhase()
    {
        if (phase == Phase.Header && header.ToString().TrimStart().StartsWith("final", StringComparison.Ordinal))
            EndHeader();
        else if (phase == Phase.Between && between.ToString().Trim().Length == 0)
            EndBetween();
        else if (phase == Phase.Start)
            outlet.Text(lead.ToString());
    }
}
