using ArchGen.Extensions.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace ArchGen.Samples;

/// <summary>A prompt function of Semantic Kernel.</summary>
public static class SemanticKernelSample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(ArchGenService service, string text, TextWriter output)
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton<IChatClient>(service.AsChatClient());
        var kernel = builder.Build();
        var settings = new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { ["max_tokens"] = 60 } };
        var result = await kernel.InvokePromptAsync("Answer in one sentence: {{$text}}", new KernelArguments(settings) { ["text"] = text });
        output.WriteLine(result.ToString());
    }
}
