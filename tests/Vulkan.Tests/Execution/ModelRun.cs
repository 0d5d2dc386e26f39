using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>The small random model of a recipe, on any backend.</summary>
internal sealed class ModelRun : IDisposable
{
    // The largest error seen is 1.04e-10, with subgroups of four.
    private const double Tolerance = 2e-10;

    // The random weights of this recipe magnify rounding: the processor's own result is 4e-9 from that of the definitions in double precision, the
    // device's 2e-10.
    private const string Sensitive = "t5";
    private const double ToleranceOfSensitive = 1e-8;

    private readonly ModelRecipe _recipe;
    private readonly LoadedModel _model;
    private float[]? _expected;

    public ModelRun(string recipe)
        : this(ArchitectureFixture.Load(recipe).Recipe)
    {
    }

    public ModelRun(ModelRecipe recipe)
    {
        _recipe = recipe;
        _model = new LoadedModel(recipe.ToGguf(), Catalog.All);
        Graphs = ModelGraphs.Of(_model, TokenCount);
    }

    /// <summary>The processor, exactly.</summary>
    public static CpuBackend Cpu { get; } = CpuBackend.Exact(2);

    public ModelGraphs Graphs { get; }

    /// <summary>Tokens of the recipe.</summary>
    public int TokenCount => _recipe.Tokens.Count;

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes => Graphs.File.Tensors.Sum(tensor => tensor.ByteLength);

    /// <summary>Tokens at once: all, and one where a prompt may be split.</summary>
    public int[] Sizes => Graphs.IsBidirectional ? [int.MaxValue] : [int.MaxValue, 1];

    /// <summary>The results of all tokens.</summary>
    public float[] Results(IBackend backend, int batchSize = int.MaxValue) =>
        Graphs.Run([.. _recipe.Tokens], new RunMode { Backend = backend, BatchSize = batchSize });

    /// <summary>A context of the model.</summary>
    public InferenceContext Open(IBackend backend, int length, int sequences = 1) =>
        _model.CreateContext(new ContextOptions { Backend = backend, ContextLength = length, MaxSequences = sequences });

    /// <summary>Demands the processor's results, within the tolerance.</summary>
    /// <param name="backend">What computes.</param>
    /// <param name="sizes">Tokens at once. Defaults to <see cref="Sizes"/>.</param>
    /// <param name="tolerance">The largest normalised mean squared error; null for that of sums in single precision.</param>
    public void AssertClose(IBackend backend, int[]? sizes = null, double? tolerance = null)
    {
        _expected ??= Results(Cpu);
        foreach (var size in sizes ?? Sizes)
        {
            var error = ArchitectureFixture.NormalizedError(_expected, Results(backend, size));
            var most = tolerance ?? (_recipe.Name == Sensitive ? ToleranceOfSensitive : Tolerance);
            Assert.True(error <= most, $"at most {size} tokens at once: NMSE {error}");
        }
    }

    public void Dispose() => _model.Dispose();
}
