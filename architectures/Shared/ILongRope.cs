namespace ArchGen.Architectures;

/// <summary>Divisors of the rotary frequencies, for sequences within the trained context and beyond it (arXiv:2402.13753).</summary>
public interface ILongRope
{
    [Tensor("RopeDims/2", Name = "rope_factors_long.weight")] Weight? RopeFactorsLong { get; }
    [Tensor("RopeDims/2", Name = "rope_factors_short.weight")] Weight? RopeFactorsShort { get; }
}
