namespace ArchGen.Tokenizers;

/// <summary>The roles that a token can have besides standing for text.</summary>
public enum SpecialToken
{
    /// <summary>Begin of sequence; the class token of an encoder.</summary>
    Bos,

    /// <summary>End of sequence.</summary>
    Eos,

    /// <summary>End of turn.</summary>
    Eot,

    /// <summary>End of message: the model waits for the result of a tool.</summary>
    Eom,

    /// <summary>The token of text that the vocabulary cannot express.</summary>
    Unknown,

    /// <summary>The separator of two texts, and the end token of an encoder.</summary>
    Separator,

    /// <summary>Fills the shorter texts of a batch.</summary>
    Padding,

    /// <summary>The token that a masked language model predicts.</summary>
    Mask,

    /// <summary>Fill in the middle: precedes the text before the gap.</summary>
    FimPrefix,

    /// <summary>Fill in the middle: precedes the text after the gap.</summary>
    FimSuffix,

    /// <summary>Fill in the middle: the model continues with the gap.</summary>
    FimMiddle,

    /// <summary>Fill in the middle: padding.</summary>
    FimPadding,

    /// <summary>Fill in the middle: precedes the name of a repository.</summary>
    FimRepository,

    /// <summary>Fill in the middle: separates the files of a repository.</summary>
    FimFileSeparator,
}
