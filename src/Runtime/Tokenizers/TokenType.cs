namespace ArchGen.Tokenizers;

/// <summary>The type of a token; the values of <c>tokenizer.ggml.token_type</c> (GGUF specification).</summary>
public enum TokenType
{
    /// <summary>Text, or a part of a word.</summary>
    Normal = 1,

    /// <summary>The token of text that the vocabulary cannot express.</summary>
    Unknown = 2,

    /// <summary>A marker such as BOS: matched in a text only on request, and hidden from decoded text by default.</summary>
    Control = 3,

    /// <summary>Matched in every text before it is split, and shown as it is written.</summary>
    UserDefined = 4,

    /// <summary>A reserved id: no text gives it.</summary>
    Unused = 5,

    /// <summary>A single byte, written <c>&lt;0xHH&gt;</c>.</summary>
    Byte = 6,
}
