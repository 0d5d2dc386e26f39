using System.Runtime.CompilerServices;

namespace ArchGen.Testing;

/// <summary>
/// Verifies the graph of an architecture: its tensors and its forward pass over hyper-parameters, with every operation and its shape, then the same as
/// expressions. A change of the declaration shows as a diff of what the model computes.
/// </summary>
public static class GraphSnapshot
{
    /// <summary>Compares the graph with <c>Graph.TModel.verified.txt</c> beside the test's source.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="name">The name of the file without its ending. Defaults to <c>Graph.</c> and the name of the class.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">It differs, or there is no verified one; the received one is written.</exception>
    public static Task Verify<TModel>(string? name = null, [CallerFilePath] string sourceFile = "")
        where TModel : Model, IArchitecture =>
        TextSnapshot.Verify(TextOf(TModel.Info), name ?? $"Graph.{typeof(TModel).Name}", sourceFile);

    /// <summary>The text that is verified.</summary>
    public static string TextOf(ArchitectureInfo architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var rope = architecture.Conversion.Rope;
        return $"{architecture.Name}: {architecture.Summary}\nRoPE: {rope}\n\n{architecture.Description}\n\nWithout parts and bases\n\n{architecture.Flat}\n";
    }
}
