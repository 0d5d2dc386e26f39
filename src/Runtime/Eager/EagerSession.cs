using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Planning;

namespace ArchGen.Eager;

/// <summary>The definitions run for one context: weights as floats, and the keys, values and states of the sequences.</summary>
internal sealed class EagerSession(SessionOptions options, bool dropsState) : IBackendSession
{
    private readonly Dictionary<string, Operand> _weights = new(StringComparer.Ordinal);

    /// <summary>The keys, values and states of the sequences.</summary>
    public EagerMemory Memory { get; } = new(options.Cells, dropsState);

    /// <summary>A weight as floats, in the shape that the graph gives it.</summary>
    public Operand Weight(Node weight)
    {
        if (_weights.TryGetValue(weight.Name, out var known)) return known;
        return _weights[weight.Name] = new Operand(options.Weights.Read(weight), EagerValues.Dims(weight, rows: 1));
    }

    public bool SharesPreparation(TensorType a, TensorType b) => false;

    public IReadOnlyList<long> ScratchBytes(PlanStep step, PlanLimits limits) => [];

    public IExecutable Compile(Plan plan, int backend) => new EagerExecutable(this);

    public void WarmUp()
    {
    }

    public void ClearStates(int sequence) => Memory.Clear(sequence);

    public void CopyStates(int from, int to) => Memory.Copy(from, to);

    public void Dispose()
    {
    }
}
