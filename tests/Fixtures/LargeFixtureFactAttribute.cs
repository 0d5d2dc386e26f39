using Xunit;

namespace ArchGen.Fixtures;

/// <summary>A test that needs large reference files (see <see cref="SharedFixtures.FindLarge"/>) and is skipped without them.</summary>
public sealed class LargeFixtureFactAttribute : FactAttribute
{
    public LargeFixtureFactAttribute(params string[] relativePaths)
    {
        if (Array.Find(relativePaths, path => SharedFixtures.FindLarge(path) is null) is { } missing)
            Skip = $"{missing} is not there; name its folder in ARCHGEN_FIXTURES";
    }
}
