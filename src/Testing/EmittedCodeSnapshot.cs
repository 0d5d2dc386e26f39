using System.Runtime.CompilerServices;
using ArchGen.Testing.Snapshots;

namespace ArchGen.Testing;

/// <summary>
/// Verifies the code that is generated for an architecture: hyper-parameters, tensor names, loader, converter and graph. A new version of ArchGen may emit
/// other code of the same meaning, so this is for who wants to see that; <see cref="GraphSnapshot"/> shows what a model computes.
/// </summary>
public static class EmittedCodeSnapshot
{
    /// <summary>Compares the code with <c>EmittedCode.TModel.verified.txt</c> beside the test's source.</summary>
    /// <typeparam name="TModel">The class that declares the architecture. The symbols (.pdb) of its assembly hold the code.</typeparam>
    /// <param name="artefact">One file of it, such as <c>Graph</c>, <c>Loader</c> or <c>HyperParameters</c>. Defaults to all.</param>
    /// <param name="name">The name of the file without its ending. Defaults to <c>EmittedCode.</c> and the name of the class.</param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="CheckFailedException">It differs, or there is no verified file; the received one is written. Or there are no symbols.</exception>
    public static Task Verify<TModel>(string? artefact = null, string? name = null, [CallerFilePath] string sourceFile = "")
        where TModel : Model, IArchitecture
    {
        var code = EmittedCode.Of(typeof(TModel));
        var files = artefact is null ? code : [.. code.Where(file => file.Artefact == artefact)];
        if (files.Count == 0)
        {
            throw new CheckFailedException(
                $"Nothing named {artefact} is generated for {typeof(TModel).Name}. There is {string.Join(", ", code.Select(file => file.Artefact))}.");
        }

        var text = string.Join('\n', files.Select(file => $"// ==== {file.Artefact}\n{file.Text.ReplaceLineEndings("\n")}"));
        return TextSnapshot.Verify(text, name ?? $"EmittedCode.{typeof(TModel).Name}{(artefact is null ? "" : "." + artefact)}", sourceFile);
    }
}
