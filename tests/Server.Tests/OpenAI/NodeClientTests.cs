using ArchGen.Runtime.Embeddings;
using ArchGen.Server.Tests.Node;

namespace ArchGen.Server.Tests.OpenAI;

/// <summary>Clients for JavaScript, unchanged.</summary>
public sealed class NodeClientTests
{
    [Theory]
    [InlineData("OpenAI/openai.mjs")]
    [InlineData("OpenAI/ai.mjs")]
    public async Task A_client_gets_what_it_expects(string program)
    {
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Models[0] = TestServer.Stories(contextLength: 1024);
            options.Models[0].Model.Embeddings = new() { Pooling = Pooling.Mean };
        });
        await NodeProgram.RunAsync(server, program);
    }
}
