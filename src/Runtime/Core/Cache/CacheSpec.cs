namespace ArchGen.Runtime.Cache;

/// <summary>Keys and values that are kept from one micro-batch to the next, a row for each cell.</summary>
/// <param name="Name">The cache's name.</param>
/// <param name="Heads">Heads of keys and values.</param>
/// <param name="KeyWidth">Elements of a key.</param>
/// <param name="ValueWidth">Elements of a value.</param>
/// <param name="ValuesInKeys">
/// Whether a value is the beginning of its key, as in multi-head latent attention (arXiv:2405.04434), and not stored separately.
/// </param>
internal sealed record CacheSpec(string Name, int Heads, int KeyWidth, int ValueWidth, bool ValuesInKeys)
{
    /// <summary>Bytes of one position's keys and of its values, all heads together.</summary>
    public (long Keys, long Values) BytesPerPosition(CacheType type) =>
        (Heads * type.RowBytes(KeyWidth), ValuesInKeys ? 0 : Heads * type.RowBytes(ValueWidth));
}

/// <summary>The state of a recurrent operation for each sequence: 32-bit floats, zeros at first.</summary>
/// <param name="Name">The state's name.</param>
/// <param name="Elements">Elements for one sequence.</param>
internal sealed record StateSpec(string Name, long Elements);
