using System.Text;

namespace LocalMcp.LlamaSharpEngine.Text;

/// <summary>Tokens are bytes, and a character may take several: this cuts at whole characters, and at stop sequences.</summary>
internal sealed class AnswerText(IReadOnlyList<string> stops)
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly StopSequences gate = new(stops);

    public bool Stopped => gate.Hit;

    /// <summary>Takes the bytes of the next token and returns what can be said.</summary>
    public string Take(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[decoder.GetCharCount(bytes, flush: false)];
        decoder.GetChars(bytes, characters, flush: false);
        return gate.Take(new string(characters));
    }

    /// <summary>What was held back, when the text is over. Half a character at the end is left out.</summary>
    public string Rest() => gate.Rest();
}
