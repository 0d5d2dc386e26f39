using System.Globalization;
using ArchGen.Tools.Recipes;

namespace ArchGen.Fixtures;

/// <summary>One node that the reference computed.</summary>
/// <param name="Name">Node name, such as "Qcur-0".</param>
/// <param name="Operation">Operation in ggml's terms, such as "MUL_MAT".</param>
/// <param name="Shape">Four sizes, fastest first.</param>
/// <param name="Sum">Sum of the elements.</param>
/// <param name="Norm">L2 norm of the elements.</param>
/// <param name="Samples">First, second and last element; fewer if the node is smaller.</param>
public sealed record ReferenceNode(string Name, string Operation, long[] Shape, double Sum, double Norm, double[] Samples);

/// <summary>A small random model with its reference results: <c>NAME.json</c>, <c>NAME.logits.bin</c> and <c>NAME.nodes.tsv</c>.</summary>
public sealed class ArchitectureFixture
{
    private readonly string _folder;

    private ArchitectureFixture(string folder, string name)
    {
        _folder = folder;
        Recipe = ModelRecipe.Open(Path.Combine(folder, name + ".json"));
    }

    /// <summary>
    /// Every recipe that is part of the project, by being in a folder: those too whose results are stated to be another model's, or that have none.
    /// </summary>
    public static IReadOnlyList<string> All { get; } = [.. NamesIn("architectures"), .. NamesIn("differences")];

    /// <summary>Those with results that the architecture must give.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Where(name => Load(name).Recipe.Recorded is { Difference: null })];

    /// <summary>
    /// For tests that take long: without the plain recipe of an architecture that has a rich one, which has more layers and more of the architecture. Its
    /// numbers are tested all the same.
    /// </summary>
    public static IReadOnlyList<string> Richest { get; } = [.. All.Where(name => !All.Contains(name + "-rich"))];

    /// <summary>The model and its expected logits.</summary>
    public ModelRecipe Recipe { get; }

    /// <summary>Name of the recipe.</summary>
    public string Name => Recipe.Name;

    /// <summary>Value of "general.architecture".</summary>
    public string Architecture => Recipe.Architecture;

    /// <summary>Whether there is a dump of llama.cpp, which then knows the architecture.</summary>
    public bool HasDump => File.Exists(PathOf(".nodes.tsv"));

    /// <summary>How the reference computed GELU: exactly, unless the recipe states otherwise.</summary>
    public GeluPrecision Gelu => Recipe.Recorded?.Gelu ?? GeluPrecision.Exact;

    /// <summary>The prompt.</summary>
    public int[] Tokens => [.. Recipe.Tokens];

    /// <summary>Columns of <see cref="Expected"/>: vocabulary or embedding size.</summary>
    public int Width => Expected.Length / Recipe.Tokens.Count;

    /// <summary>The reference output, row-major, <c>[tokens, width]</c>.</summary>
    public float[] Expected => Recipe.Expected!;

    /// <summary>How far the reference's own results for one batch and token by token are apart (NMSE); null where they were not compared.</summary>
    public double? TokenByTokenError => Recipe.TokenByTokenError;

    /// <summary>Loads a recipe that is part of the project.</summary>
    public static ArchitectureFixture Load(string name) =>
        new(SharedFixtures.Local(NamesIn("architectures").Contains(name) ? "architectures" : "differences"), name);

    /// <summary>Loads a recipe from another folder.</summary>
    public static ArchitectureFixture Load(string name, string folder) => new(folder, name);

    /// <summary>Normalised mean squared error: the sum of squared differences over the sum of squared expected values.</summary>
    public static double NormalizedError(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) => Tools.Recipes.NormalizedError.Of(expected, actual);

    /// <summary>The file of the recipe with this ending, such as <c>.nodes.tsv</c>; it need not be there.</summary>
    public string PathOf(string ending) => Path.Combine(_folder, Name + ending);

    /// <summary>Writes the model into a folder; returns the path of the file.</summary>
    public string WriteGguf(string folder)
    {
        var path = Path.Combine(folder, Name + ".gguf");
        Recipe.Save(path);
        return path;
    }

    /// <summary>The nodes the reference computed, in its order.</summary>
    public IEnumerable<ReferenceNode> ReadNodes()
    {
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(PathOf(".nodes.tsv")))
        {
            var fields = line.Split('\t');
            long[] shape = [.. fields[2].Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
            double[] samples = [.. fields[5].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
            yield return new ReferenceNode(fields[0], fields[1], shape, Number(fields[3]), Number(fields[4]), samples);
        }
    }

    private static string[] NamesIn(string folder) =>
        [.. Directory.GetFiles(SharedFixtures.Local(folder), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

}
