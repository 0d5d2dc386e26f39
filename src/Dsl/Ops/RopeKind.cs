namespace ArchGen;

/// <summary>Which elements of a head are rotated together (RoFormer, arXiv:2104.09864).</summary>
public enum RopeKind
{
    /// <summary>Not stated: an error where RoPE is used.</summary>
    Unstated,

    /// <summary>No rotary embedding.</summary>
    None,

    /// <summary>Neighbours: elements 2i and 2i+1, as in the paper and in Meta's Llama.</summary>
    Normal,

    /// <summary>Halves: elements i and i + dims/2, as in GPT-NeoX and transformers.</summary>
    Neox,
}
