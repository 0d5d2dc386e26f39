using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Comparison;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>A recipe's run beside llama.cpp's dump of it.</summary>
internal sealed class DumpRun : IDisposable
{
    private const double Exact = 1e-8;

    private readonly ArchitectureFixture _fixture;
    private readonly NodeDump _dump;
    private readonly RunMode _mode;
    private readonly LoadedModel _model;

    public DumpRun(string recipe)
    {
        _fixture = ArchitectureFixture.Load(recipe);
        _dump = NodeDump.Open(SharedFixtures.Local($"architectures/{recipe}.nodes.tsv"));
        _mode = new RunMode { Backend = CpuBackend.Exact(), Gelu = _dump.Gelu };
        _model = new LoadedModel(_fixture.Recipe.ToGguf(), Catalog.All);
        Graphs = ModelGraphs.Of(_model, _fixture.Tokens.Length);
        Right = Compare(Graphs);
        // An element may fall on another entry of the table of GELU than the reference's; T5's unscaled attention magnifies every rounding.
        if (Right.First is null || (recipe != "t5" && _dump.Gelu != GeluPrecision.F16Table)) return;
        Tolerance = 2e-6;
        Right = Compare(Graphs);
    }

    /// <summary>The graphs as they are.</summary>
    public ModelGraphs Graphs { get; }

    /// <summary>The largest squared relative difference that counts as agreement.</summary>
    public double Tolerance { get; } = Exact;

    /// <summary>The comparison of the graphs as they are.</summary>
    public ComparisonReport Right { get; }

    /// <summary>Compares graphs with the dump.</summary>
    public ComparisonReport Compare(ModelGraphs graphs) => DumpComparison.Compare(Trace.Run(graphs, _fixture.Tokens, _mode, "run"), _dump, Tolerance);

    /// <summary>The error (NMSE) of the results of graphs.</summary>
    public double ErrorOf(ModelGraphs graphs) => ArchitectureFixture.NormalizedError(_fixture.Expected, graphs.Run(_fixture.Tokens, _mode));

    public void Dispose() => _model.Dispose();
}
