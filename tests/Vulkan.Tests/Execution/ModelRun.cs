using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>The small random model of a recipe, on any backend.</summary>
internal sealed class ModelRun : IDisposable
{
    private const double Tolerance = 1e-10;

    // As in ArchitectureTests: its random weights magnify rounding, the processor's own, too.
    private const string Sensitive = "t5";
    private const double ToleranceOfSensitive = 1e-8;

    private readonly ArchitectureFixture _fixture;
    private readonly LoadedModel _model;
    private float[]? _expected;

    public ModelRun(string recipe)
    {
        _fixture = ArchitectureFixture.Load(recipe);
        _model = new LoadedModel(_fixture.Recipe.ToGguf(), Catalog.All);
        Graphs = ModelGraphs.Of(_model, _fixture.Tokens.Length);
    }

    /// <summary>The names of all recipes.</summary>
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.All];

    /// <summary>The processor, exactly.</summary>
    public static CpuBackend Cpu { get; } = CpuBackend.Exact(2);

    public ModelGraphs Graphs { get; }

    /// <summary>Bytes of all weights.</summary>
    public long WeightBytes => Graphs.File.Tensors.Sum(tensor => tensor.ByteLength);

    /// <summary>Tokens at once: all, and one where a prompt may be split.</summary>
    public int[] Sizes => Graphs.IsBidirectional ? [int.MaxValue] : [int.MaxValue, 1];

    /// <summary>The results of all tokens.</summary>
    public float[] Results(IBackend backend, int batchSize = int.MaxValue) =>
        Graphs.Run(_fixture.Tokens, new RunMode { Backend = backend, BatchSize = batchSize });

    /// <summary>Demands the processor's results, within the tolerance.</summary>
    /// <param name="backend">What runs it.</param>
    /// <param name="tolerance">The largest normalised mean squared error; null for that of sums in single precision.</param>
    public void AssertClose(IBackend backend, double? tolerance = null)
    {
        _expected ??= Results(Cpu);
        foreach (var size in Sizes)
        {
            var error = ArchitectureFixture.NormalizedError(_expected, Results(backend, size));
            var most = tolerance ?? (_fixture.Name == Sensitive ? ToleranceOfSensitive : Tolerance);
            Assert.True(error <= most, $"at most {size} tokens at once: NMSE {error}");
        }
    }

    public void Dispose() => _model.Dispose();
}
