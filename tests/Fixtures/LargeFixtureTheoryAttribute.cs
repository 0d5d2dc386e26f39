using System.Runtime.CompilerServices;
using Xunit;

namespace ArchGen.Fixtures;

/// <summary>A theory over files that are too large for the project; skipped, and said to be, where they are absent.</summary>
public sealed class LargeFixtureTheoryAttribute : TheoryAttribute
{
    public LargeFixtureTheoryAttribute(string folder, [CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : base(sourceFile, sourceLine)
    {
        if (SharedFixtures.FindLarge(folder) is null) Skip = $"The large fixtures ({folder}) are not here; name their folder in ARCHGEN_FIXTURES.";
    }
}
