using ArchGen.Testing;
using NAMEModels;
using Xunit;

namespace NAMETests;

public sealed class NAMETests
{
    /// <summary>
    /// The graph is that of Graph.NAME.verified.txt. The first run has none, writes Graph.NAME.received.txt and fails: read it, and rename it.
    /// </summary>
    [Fact]
    public async Task The_graph_is_the_verified_one() => await GraphSnapshot.Verify<NAME>();
}
