using System.Runtime.CompilerServices;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Runtime.Generation;
using ArchGen.Testing.Snapshots;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing;

/// <summary>A model of one architecture, in memory, that checks run: a random one, one of a recipe, a GGUF file, or a checkpoint that is converted.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class TestedModel : IDisposable
{
    // A checkpoint is converted in memory; a larger one is not for a test that runs at each edit.
    private const long MaxBytes = 1L << 30;

    private TestedModel(GgufFile file, ArchitectureInfo architecture, ModelRecipe? recipe) =>
        (Loaded, Recipe) = (new LoadedModel(file, [architecture]), recipe);

    /// <summary>The model.</summary>
    public LoadedModel Loaded { get; }

    /// <summary>The recipe that it was made from; null if it was made from a file.</summary>
    public ModelRecipe? Recipe { get; }

    /// <summary>A small random model, made from the declaration alone.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="options">The options: seed, length of the prompt, hyper-parameters that are not to be invented. By default all defaults.</param>
    /// <exception cref="ArchGenException">A hyper-parameter cannot be invented, or the invented ones do not fit; the message names them.</exception>
    public static TestedModel Random<TModel>(RandomRecipeOptions? options = null)
        where TModel : Model, IArchitecture => Of<TModel>(RandomRecipe.Of(TModel.Info, options));

    /// <summary>The model of a recipe.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="recipe">The recipe, with a prompt, and perhaps with recorded results.</param>
    /// <exception cref="ArchGenException">The recipe is not one of this architecture.</exception>
    public static TestedModel Of<TModel>(ModelRecipe recipe)
        where TModel : Model, IArchitecture => new(recipe.ToGguf(), TModel.Info, recipe);

    /// <summary>A model file, a recipe, or a checkpoint that is converted with all weights as f32.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="path">
    /// The path of a GGUF file, of a recipe (<c>NAME.json</c>) or of the folder of a Hugging Face checkpoint of at most 1 GiB; absolute, or relative to the
    /// folder of the test's source.
    /// </param>
    /// <param name="sourceFile">The test's source. The compiler sets it.</param>
    /// <exception cref="ArchGenException">There is no such file, or it is not of this architecture: the message names every tensor and key.</exception>
    public static TestedModel Open<TModel>(string path, [CallerFilePath] string sourceFile = "")
        where TModel : Model, IArchitecture
    {
        var found = SourceFolder.Resolve(path, sourceFile);
        if (Directory.Exists(found)) return new TestedModel(Convert(found, TModel.Info), TModel.Info, null);
        return found.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? Of<TModel>(ModelRecipe.Open(found))
            : new TestedModel(GgufFile.Open(found), TModel.Info, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Loaded.Dispose();

    private static GgufFile Convert(string folder, ArchitectureInfo architecture)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var plan = ConversionPlan.Create(checkpoint, [architecture], new ConversionOptions { Type = TensorType.F32 });
        var bytes = plan.Tensors.Sum(tensor => tensor.Type.ByteLength(tensor.Weights.ElementCount));
        if (bytes > MaxBytes)
        {
            throw new RequestException($"{folder} has {bytes} bytes of tensors, and a checkpoint of more than {MaxBytes} is not converted in memory. "
                + "Convert it once with 'archgen convert', and open the file.");
        }

        var stream = new MemoryStream();
        ConvertedFile.Write(plan.Metadata, plan.Tensors, stream, progress: null, CancellationToken.None);
        stream.Position = 0;
        return GgufFile.FromStream(stream, folder);
    }
}
