using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>Switches that each kind of tokenizer has defaults for and a file may set otherwise.</summary>
internal readonly record struct TokenizerFlags(bool AddBos = false, bool AddEos = false, bool AddSpacePrefix = false, bool CleanSpaces = false)
{
    /// <summary>The flags after what the file says.</summary>
    public TokenizerFlags With(GgufMetadata metadata) => this with
    {
        AddBos = metadata.GetBoolOrNull("tokenizer.ggml.add_bos_token") ?? AddBos,
        AddEos = metadata.GetBoolOrNull("tokenizer.ggml.add_eos_token") ?? AddEos,
        AddSpacePrefix = metadata.GetBoolOrNull("tokenizer.ggml.add_space_prefix") ?? AddSpacePrefix,
    };
}
