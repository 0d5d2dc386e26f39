using System.Runtime.CompilerServices;
using Xunit;

namespace ArchGen.Fixtures;

/// <summary>A test that needs large reference files (see <see cref="SharedFixtures.FindLarge"/>) and is skipped without them.</summary>
public sealed class LargeFixtureFactAttribute : FactAttribute
{
    /// <summary>A test of several files.</summary>
    public LargeFixtureFactAttribute(string[] relativePaths, [CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : base(sourceFile, sourceLine)
    {
        if (Array.Find(relativePaths, path => SharedFixtures.FindLarge(path) is null) is { } missing)
            Skip = $"{missing} is not there; name its folder in ARCHGEN_FIXTURES";
    }

    /// <summary>A test of one file or folder.</summary>
    public LargeFixtureFactAttribute(string relativePath, [CallerFilePath] string? sourceFile = null, [CallerLineNumber] int sourceLine = -1)
        : this([relativePath], sourceFile, sourceLine)
    {
    }
}
