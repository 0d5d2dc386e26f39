using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>Every architecture on a device against the processor: wholly, by layers, and with its steps in any order that barriers allow.</summary>
public sealed class ArchitectureTests
{
    private const double Tolerance = 1e-10;

    // The random weights of this recipe magnify rounding: the processor's own result is 4e-9 from that of the definitions in double precision, the
    // device's 2e-10.
    private const string Sensitive = "t5";
    private const double ToleranceOfSensitive = 1e-8;

    private static readonly CpuBackend Cpu = CpuBackend.Exact(2);

    public static TheoryData<string> Recipes => [.. ArchitectureFixture.All];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void An_architecture_is_wholly_on_the_device(string recipe)
    {
        using var run = new Run(recipe);
        foreach (var node in run.Graphs.All.SelectMany(graph => graph.Nodes))
            Assert.True(((IBackend)run.Device).Supports(node), $"{node}: there is no shader for it");
        foreach (var size in run.Sizes) run.AssertClose(new RunMode { Backend = run.Device, BatchSize = size });
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Layers_may_be_on_either_side(string recipe)
    {
        using var run = new Run(recipe);
        foreach (var size in run.Sizes) run.AssertClose(new RunMode { Backend = new OffloadBackend([run.Device], Cpu) { Layers = 1 }, BatchSize = size });
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Steps_between_barriers_may_run_in_any_order(string recipe)
    {
        using var run = new Run(recipe);
        var expected = run.Results(new RunMode { Backend = run.Device });
        foreach (var order in new[] { StepOrder.Reversed, StepOrder.Shuffled })
            Assert.Equal(expected, run.Results(new RunMode { Backend = run.Device with { Order = order } }));
    }

    private sealed class Run : IDisposable
    {
        private readonly ArchitectureFixture _fixture;
        private readonly LoadedModel _model;
        private readonly float[] _expected;

        public Run(string recipe)
        {
            Device = new VulkanBackend(TestDevice.Get()) { Precision = DevicePrecision.Exact };
            _fixture = ArchitectureFixture.Load(recipe);
            _model = new LoadedModel(_fixture.Recipe.ToGguf(), Catalog.All);
            Graphs = ModelGraphs.Of(_model, _fixture.Tokens.Length);
            _expected = Results(new RunMode { Backend = Cpu });
        }

        public VulkanBackend Device { get; }

        public ModelGraphs Graphs { get; }

        /// <summary>Tokens at once: all, half of them, and one.</summary>
        public int[] Sizes => Graphs.IsBidirectional ? [int.MaxValue] : [int.MaxValue, (_fixture.Tokens.Length + 1) / 2, 1];

        public float[] Results(RunMode mode) => Graphs.Run(_fixture.Tokens, mode);

        public void AssertClose(RunMode mode)
        {
            var error = ArchitectureFixture.NormalizedError(_expected, Results(mode));
            Assert.True(error <= (_fixture.Name == Sensitive ? ToleranceOfSensitive : Tolerance), $"at most {mode.BatchSize} tokens at once: NMSE {error}");
        }

        public void Dispose() => _model.Dispose();
    }
}
