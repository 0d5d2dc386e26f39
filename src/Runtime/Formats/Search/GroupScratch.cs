namespace ArchGen.Formats.Search;

/// <summary>Scratch of the searches for 16 groups of up to 32 numbers, on the stack.</summary>
internal unsafe ref struct GroupScratch
{
    public const int Elements = 32 * Lanes.Count;

    public fixed float X[Elements];
    public fixed float Weights[Elements];
    public fixed float Quants[Elements];
    public fixed float Tried[Elements];
    public fixed float ElementWeights[Elements];
    public fixed float Scales[Lanes.Count];
    public fixed float Minima[Lanes.Count];
    public fixed float Sums[Lanes.Count];
    public fixed byte Bytes[Elements];
}
