namespace ArchGen.Tokenizers;

/// <summary>What a token stands for; the values of <c>tokenizer.ggml.token_type</c> (GGUF specification).</summary>
public enum TokenType
{
    Normal = 1,
    Unknown = 2,

    /// <summary>A marker such as BOS: matched in a text only on request, and hidden from decoded text unless asked for.</summary>
    Control = 3,

    /// <summary>Matched in every text before it is split, and shown as it is written.</summary>
    UserDefined = 4,

    Unused = 5,

    /// <summary>A single byte, written <c>&lt;0xHH&gt;</c>.</summary>
    Byte = 6,
}
