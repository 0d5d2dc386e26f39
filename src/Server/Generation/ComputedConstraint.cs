using ArchGen.Runtime.Sampling;

namespace ArchGen.Server.Generation;

/// <summary>A constraint whose tokens are all computed, those too that must follow, so that each has its probability.</summary>
/// <param name="inner">The constraint.</param>
internal sealed class ComputedConstraint(ITokenConstraint inner) : ITokenConstraint
{
    /// <inheritdoc/>
    public bool CanEnd => inner.CanEnd;

    /// <inheritdoc/>
    public void ComputeMask(Span<uint> mask) => inner.ComputeMask(mask);

    /// <inheritdoc/>
    public bool TryAccept(int token) => inner.TryAccept(token);

    /// <inheritdoc/>
    public int ForcedTokens(Span<int> tokens) => 0;

    /// <inheritdoc/>
    public ITokenConstraint Fork() => new ComputedConstraint(inner.Fork());
}
