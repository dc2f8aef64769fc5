namespace LocalMcp.Chat.Budget;

/// <summary>What a text is made of, as far as it decides how many tokens it becomes. Every trait is a count.</summary>
internal enum TextTrait
{
    /// <summary>Pieces of words, by their length in letters. A piece is a run of ASCII letters, cut where a small letter is followed by a capital: <c>readLine</c> is two.</summary>
    Piece1,
    Piece2To3,
    Piece4To6,
    Piece7To9,
    Piece10To13,
    PieceLonger,

    /// <summary>Letters beyond the 13th of a piece.</summary>
    LettersBeyond,

    /// <summary>Pieces of capitals alone, of two and more, and their letters. They count here alone.</summary>
    CapitalPieces,
    CapitalLetters,

    /// <summary>Runs of digits; groups of three digits in them, begun ones too; digits.</summary>
    Numbers,
    DigitGroups,
    Digits,

    /// <summary>Characters of runs of letters and digits that look like chance: of capitals, small letters and digits (Base64), and of one kind of letters and digits (hexadecimal).</summary>
    MixedBlob,
    HexBlob,

    /// <summary>Runs of punctuation, and its characters.</summary>
    Marks,
    MarkCharacters,

    /// <summary>The same punctuation four times and more in a row: runs and characters. They count here alone.</summary>
    Rules,
    RuleCharacters,

    /// <summary>Single blanks in front of a digit, and in front of what is not ASCII. All other single blanks become a part of the word behind them.</summary>
    BlankBeforeDigit,
    BlankBeforeOther,

    /// <summary>Runs of two blanks and more; groups of 16 blanks in them, begun ones too; blanks.</summary>
    BlankRuns,
    BlankGroups,
    Blanks,

    /// <summary>Runs of line ends, and line ends; runs of tabs, and tabs.</summary>
    LineRuns,
    Lines,
    TabRuns,
    Tabs,

    /// <summary>Characters of runs that can be anything from few tokens to one each: more than 40 blanks, tabs and line ends, more than 16 times the same letter or digit. They count here alone.</summary>
    LongRuns,

    /// <summary>Letters of Latin with accents, and of Cyrillic.</summary>
    AccentedLatin,
    Cyrillic,

    /// <summary>Chinese characters; Japanese kana; the punctuation and the wide forms of both.</summary>
    Ideographs,
    Kana,
    WideMarks,

    /// <summary>Every other character, by its bytes in UTF-8: control characters, two, three and four.</summary>
    OtherOneByte,
    OtherTwoBytes,
    OtherThreeBytes,
    OtherFourBytes,
}
