using ArchGen.Extensions.AI;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>An agent of the Microsoft Agent Framework.</summary>
public static class AgentSample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        var agent = new ChatClientAgent(service.AsChatClient(), instructions: "Answer in one sentence.", name: "Helper");
        var response = await agent.RunAsync(text, options: new ChatClientAgentRunOptions(new ChatOptions { MaxOutputTokens = 60 }));
        output.WriteLine(response.Text);
    }
}
