using ArchGen.Server.Tests.Node;

namespace ArchGen.Server.Tests.Anthropic;

/// <summary>Anthropic's client for JavaScript, unchanged.</summary>
public sealed class NodeClientTests
{
    [Fact]
    public async Task The_client_gets_what_it_expects()
    {
        await using var server = await TestTemplates.ServeAsync(TestTemplates.Thinking);
        await NodeProgram.RunAsync(server, "Anthropic/anthropic.mjs");
    }
}
