using ArchGen.Runtime.Sampling;

namespace ArchGen.Server.Tests;

/// <summary>Allows any token, but stops the thread of the engine until it is released: an engine that does not go on.</summary>
internal sealed class BlockingConstraint : ITokenConstraint
{
    public ManualResetEventSlim Release { get; } = new();

    public bool CanEnd => true;

    public void ComputeMask(Span<uint> mask)
    {
        Release.Wait();
        mask.Fill(uint.MaxValue);
    }

    public bool TryAccept(int token) => true;

    public int ForcedTokens(Span<int> tokens) => 0;

    public ITokenConstraint Fork() => this;
}
