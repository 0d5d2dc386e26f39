using ArchGen.Cpu.Kernels;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Cache;

/// <summary>What a model remembers of its sequences: keys and values of attention, and the states of recurrent layers.</summary>
internal sealed class SequenceMemory(CacheType type, int cells, int sequences) : IDisposable
{
    private readonly Dictionary<int, KvLayer> _layers = [];
    private readonly Dictionary<string, SequenceState> _states = new(StringComparer.Ordinal);

    public CellTable Cells { get; } = new(cells, sequences);

    /// <summary>Whether there are keys and values to remember.</summary>
    public bool HasKeys => _layers.Count > 0;

    /// <summary>Whether there are recurrent layers, whose past cannot be forgotten in part.</summary>
    public bool HasStates => _states.Count > 0;

    /// <summary>The cache of an attention layer, made when first asked for.</summary>
    public KvLayer Layer(int ordinal, int heads, int keyWidth, int valueWidth, bool valuesInKeys)
    {
        if (!_layers.TryGetValue(ordinal, out var layer))
            _layers[ordinal] = layer = new KvLayer(type, Cells.Capacity, heads, keyWidth, valueWidth, valuesInKeys);
        return layer;
    }

    /// <summary>The state of a recurrent layer, made when first asked for.</summary>
    public SequenceState State(string name, long elements)
    {
        if (!_states.TryGetValue(name, out var state)) _states[name] = state = new SequenceState(sequences, elements);
        return state;
    }

    /// <summary>Forgets a sequence from a position on; of recurrent layers everything.</summary>
    public void Truncate(int sequence, int position)
    {
        Cells.Truncate(sequence, position);
        foreach (var state in _states.Values) state.Clear(sequence);
    }

    /// <summary>Forgets what one operation remembers of a sequence: its state; or its keys and values, which become zeros, of all sequences.</summary>
    public void Forget(Node node, int sequence)
    {
        if (node.Op == Op.Attention && _layers.TryGetValue(node.Attributes.Int32(Attr.Layer), out var layer)) layer.Clear();
        foreach (var input in node.Inputs)
        {
            if (input?.Op == Op.State && _states.TryGetValue(input.Name, out var state)) state.Clear(sequence);
        }
    }

    public void Copy(int from, int to)
    {
        if (from == to) return;
        Cells.Copy(from, to);
        foreach (var state in _states.Values) state.Copy(from, to);
    }

    public void Dispose()
    {
        Cells.Dispose();
        foreach (var layer in _layers.Values) layer.Dispose();
        foreach (var state in _states.Values) state.Dispose();
    }
}
