using System.Text;
using LocalMcp.Chat;
using LocalMcp.Schema;

namespace LocalMcp.Backends.OpenAi;

/// <summary>
/// Finds a constrained answer that a server took for reasoning. LM Studio (0.4.7 and later) constrains everything that a reasoning model says, then
/// sends it as its reasoning, with no text at all: its bug tracker, 1698, 1773 and 1971. What begins as reasoning with a bracket is held back until
/// it is clear which of both it is.
/// </summary>
internal sealed class StrayAnswer
{
    private readonly StringBuilder held = new();
    private bool isReasoning;

    public IEnumerable<ChatDelta> Pass(ChatDelta delta) => delta switch
    {
        _ when isReasoning => [delta],
        ChatDelta.Reasoning piece => Take(piece.Value),
        ChatDelta.Text { Value: var text } when !string.IsNullOrWhiteSpace(text) => [.. Reasoning(), delta],
        ChatDelta.Finish finish => [.. End(finish.Reason), delta],
        _ => [delta],
    };

    private ChatDelta[] Take(string piece)
    {
        held.Append(piece);
        var text = held.ToString().AsSpan().TrimStart();
        return text.Length == 0 || text[0] is '{' or '[' ? [new ChatDelta.Held()] : Reasoning();
    }

    private ChatDelta[] End(FinishReason reason)
    {
        var text = held.ToString();
        if (reason != FinishReason.Stop || !StrictJson.TryParse(text.Trim(), out _, out _))
            return Reasoning();
        held.Clear();
        return [new ChatDelta.Text(text)];
    }

    // From now on nothing is held back.
    private ChatDelta[] Reasoning()
    {
        isReasoning = true;
        var text = held.ToString();
        held.Clear();
        return text.Length > 0 ? [new ChatDelta.Reasoning(text)] : [];
    }
}
