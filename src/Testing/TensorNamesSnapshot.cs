using System.Runtime.CompilerServices;
using System.Text;

namespace ArchGen.Testing;

/// <summary>Verifies the names of an architecture's tensors: those of a GGUF file, with shapes, beside those of a Hugging Face checkpoint.</summary>
public static class TensorNamesSnapshot
{
    /// <summary>Compares the names with <c>TensorNames.TModel.verified.txt</c> beside the test's source.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="name">The name of the file without its ending. Defaults to <c>TensorNames.</c> and the name of the class.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">They differ, or there is no verified file; the received one is written.</exception>
    public static Task Verify<TModel>(string? name = null, [CallerFilePath] string sourceFile = "")
        where TModel : Model, IArchitecture =>
        TextSnapshot.Verify(TextOf(TModel.Info), name ?? $"TensorNames.{typeof(TModel).Name}", sourceFile);

    /// <summary>The text that is verified: a tensor a line, its names in checkpoints indented below it.</summary>
    public static string TextOf(ArchitectureInfo architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var text = new StringBuilder($"{architecture.Name}: {string.Join(", ", architecture.HuggingFaceClasses)}\n");
        foreach (var tensor in architecture.Tensors)
        {
            text.Append('\n').Append(tensor.Gguf).Append(' ').Append(tensor.Shape).Append(tensor.Optional ? " optional\n" : "\n");
            foreach (var name in tensor.HuggingFace) text.Append("  ").Append(name).Append('\n');
        }

        return text.ToString();
    }
}
