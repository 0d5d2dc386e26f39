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

    Unknown,
    Separator,
    Padding,
    Mask,
    FimPrefix,
    FimSuffix,
    FimMiddle,
    FimPadding,
    FimRepository,
    FimFileSeparator,
}
