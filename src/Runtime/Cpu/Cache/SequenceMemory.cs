using ArchGen.Runtime.Cache;

namespace ArchGen.Cpu.Cache;

/// <summary>The memory of a model's sequences: keys and values of attention, and the states of recurrent layers.</summary>
internal sealed class SequenceMemory(CacheType type, CellTable cells, int states) : IDisposable
{
    private readonly Dictionary<string, KvLayer> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SequenceState> _states = new(StringComparer.Ordinal);

    /// <summary>The cells of each sequence.</summary>
    public CellTable Cells => cells;

    /// <summary>The keys and values of a cache, allocated at first use.</summary>
    public KvLayer Layer(CacheSpec cache)
    {
        if (!_layers.TryGetValue(cache.Name, out var layer)) _layers[cache.Name] = layer = new KvLayer(type, cells.Capacity, cache);
        return layer;
    }

    /// <summary>A state, allocated at first use.</summary>
    public SequenceState State(StateSpec state)
    {
        if (!_states.TryGetValue(state.Name, out var memory)) _states[state.Name] = memory = new SequenceState(states, state.Elements);
        return memory;
    }

    /// <summary>Makes the states of a sequence zeros.</summary>
    public void ClearStates(int sequence)
    {
        foreach (var state in _states.Values) state.Clear(sequence);
    }

    /// <summary>Copies the states of a sequence to another.</summary>
    public void CopyStates(int from, int to)
    {
        foreach (var state in _states.Values) state.Copy(from, to);
    }

    public void Dispose()
    {
        foreach (var layer in _layers.Values) layer.Dispose();
        foreach (var state in _states.Values) state.Dispose();
    }
}
