using System.Text;

namespace LocalMcp.TestModels;

/// <summary>
/// Cuts a script into tokens that are all different, since each token of a scripted model has one successor. A piece is about
/// a word; where it was said before it is spelled with other spaces, or gets a word longer, or gives up its first character
/// to byte tokens, of which there is no end. So every text can be cut.
/// </summary>
internal sealed class ScriptTokens
{
    // Two characters would be found in prompts (see Vocabulary); long texts without spaces still come in several tokens.
    private const int ShortestPiece = 3;
    private const int LongestStretch = 16;
    private const int MostStretches = 4;
    private const string EndOfThoughts = "</think>";

    private readonly string _text;
    private readonly Vocabulary _vocabulary;
    private readonly List<int> _answer = [];
    private int _at;

    private ScriptTokens(string text, Vocabulary vocabulary)
    {
        _text = text;
        _vocabulary = vocabulary;
    }

    /// <summary>The answer's tokens in order.</summary>
    public IReadOnlyList<int> Answer => _answer;

    /// <summary>Where in <see cref="Answer"/> the thoughts are over, and the prompt token after which it starts there; null without thoughts.</summary>
    public (int Position, int Token)? AfterThoughts { get; private set; }

    /// <summary>Cuts the script's text, adding its tokens to the vocabulary.</summary>
    public static ScriptTokens Of(Script script, Vocabulary vocabulary)
    {
        RefuseHalfCharacters(script.Text);
        var tokens = new ScriptTokens(script.Text, vocabulary);
        while (tokens._at < script.Text.Length)
        {
            if (!tokens.TakeTag() && !tokens.TakePiece()) tokens.TakeBytes();
        }

        return tokens;
    }

    private static void RefuseHalfCharacters(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (!Rune.TryGetRuneAt(text, at, out _)) throw new ArgumentException($"The text has half a surrogate pair at {at}, which UTF-8 cannot carry.");
            at++;
        }
    }

    // The marks around thoughts are one token, as in real models: an engine with a reasoning budget puts that token in itself.
    private bool TakeTag()
    {
        foreach (var tag in (string[])["<think>", EndOfThoughts])
        {
            if (string.CompareOrdinal(_text, _at, tag, 0, tag.Length) != 0 || !_vocabulary.TryAddTag(tag, out var token)) continue;
            _answer.Add(token);
            _at += tag.Length;
            if (tag == EndOfThoughts) EndThoughts();
            return true;
        }

        return false;
    }

    // A prompt with empty thoughts ends in this tag; what follows is the answer without the line breaks that the prompt has.
    private void EndThoughts()
    {
        if (!_vocabulary.TryAddTag(EndOfThoughts + "\n\n", out var token)) return;
        while (_at < _text.Length && _text[_at] == '\n') TakeBytes();
        AfterThoughts = (_answer.Count, token);
    }

    private bool TakePiece()
    {
        var end = _at;
        for (var stretches = 0; stretches < MostStretches; stretches++)
        {
            var next = EndOfStretch(end);
            if (next == end) return false;
            end = next;
            if (TryAddPiece(_text[_at..end])) return true;
        }

        return false;
    }

    private bool TryAddPiece(string piece)
    {
        if (piece.EnumerateRunes().Count() < ShortestPiece) return false;
        if (!_vocabulary.TryAdd(piece.Replace(' ', '▁'), out var token) && !_vocabulary.TryAdd(piece, out token)) return false;
        _answer.Add(token);
        _at += piece.Length;
        return true;
    }

    // White space and the word behind it.
    private int EndOfStretch(int from)
    {
        var end = from;
        var inWord = false;
        for (var length = 0; length < LongestStretch && end < _text.Length; length++)
        {
            var rune = Rune.GetRuneAt(_text, end);
            var isSpace = Rune.IsWhiteSpace(rune);
            if (OnlyAsBytes(rune) || (isSpace && inWord)) break;
            inWord = !isSpace;
            end += rune.Utf16SequenceLength;
        }

        return end;
    }

    // ▁ would come out as a space, a zero would end the token's text, and some texts in brackets mean "end of turn" to engines.
    private static bool OnlyAsBytes(Rune rune) => rune.Value is '▁' or 0 or '<' or '[';

    private void TakeBytes()
    {
        Span<byte> bytes = stackalloc byte[4];
        var rune = Rune.GetRuneAt(_text, _at);
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) _answer.Add(_vocabulary.AddByte(value));
        _at += rune.Utf16SequenceLength;
    }
}
