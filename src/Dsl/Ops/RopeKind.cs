namespace ArchGen;

/// <summary>The rotary embedding: the pairs of elements of a head that are rotated (RoFormer, arXiv:2104.09864).</summary>
public enum RopeKind
{
    /// <summary>Not stated; an error if the architecture uses RoPE.</summary>
    Unstated,

    /// <summary>No rotary embedding.</summary>
    None,

    /// <summary>Elements 2i and 2i + 1, as in the paper, GPT-J and Meta's Llama; ggml: NORMAL.</summary>
    Interleaved,

    /// <summary>Elements i and i + dims/2, as in GPT-NeoX and transformers; ggml: NEOX.</summary>
    HalfSplit,
}
