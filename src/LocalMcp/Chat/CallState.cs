using System.Globalization;

namespace LocalMcp.Chat;

/// <summary>
/// What goes on in a call, in the words that the tools' progress and the terminal share: <c>queued 2/3</c>, <c>loading 42 %</c>,
/// <c>reading prompt 1200/4800</c> as the backend tells it, and <c>214 tok, 31 tok/s</c> once tokens come.
/// </summary>
internal sealed class CallState(TimeProvider clock)
{
    // A marker that may end the reasoning is held back for a few tokens. More than that are an answer.
    private const int MostHeldOfReasoning = 8;

    private readonly TokenRate tokens = new(clock);
    private string words = "looking for the model";
    private int heldInARow;
    private bool reasons;

    /// <summary>Sees every piece of the answer.</summary>
    public void Take(ChatDelta delta)
    {
        switch (delta)
        {
            case ChatDelta.Progress step:
                words = step.Message;
                break;
            case ChatDelta.Routed routed:
                words = $"{routed.Model.Name} ({routed.Model.Backend}): waiting for the first token";
                break;
            case ChatDelta.Text or ChatDelta.Reasoning or ChatDelta.Held:
                heldInARow = delta is ChatDelta.Held ? heldInARow + 1 : 0;
                reasons = delta is ChatDelta.Reasoning || (reasons && delta is ChatDelta.Held && heldInARow <= MostHeldOfReasoning);
                tokens.Add();
                words = "";
                break;
        }
    }

    /// <summary>As it is at this moment: the speed is that of the last few seconds.</summary>
    public string Words => words.Length > 0 ? words : $"{(reasons ? "reasoning, " : "")}{tokens.Count} tok{Speed}";

    private string Speed => tokens.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $", {Math.Round(speed, speed < 10 ? 1 : 0)} tok/s") : "";
}
