using ArchGen.Extensions.AI;

namespace ArchGen.Samples;

/// <summary>All samples, by the name on the command line.</summary>
public static class Samples
{
    /// <summary>Each takes a model, a text, and where it writes.</summary>
    public static IReadOnlyDictionary<string, Func<ArchGenService, string, TextWriter, Task>> All { get; } =
        new Dictionary<string, Func<ArchGenService, string, TextWriter, Task>>
        {
            ["chat"] = ChatSample.RunAsync,
            ["tools"] = ToolsSample.RunAsync,
            ["extract"] = ExtractSample.RunAsync,
            ["search"] = SearchSample.RunAsync,
            ["semantic-kernel"] = SemanticKernelSample.RunAsync,
            ["agent"] = AgentSample.RunAsync,
        };
}
