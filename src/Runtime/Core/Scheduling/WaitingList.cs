namespace ArchGen.Runtime.Scheduling;

/// <summary>Answers that wait, in the order in which they came: one that was interrupted goes before all later ones.</summary>
internal sealed class WaitingList
{
    private readonly List<EngineSequence> _sequences = [];

    public int Count => _sequences.Count;

    public EngineSequence this[int index] => _sequences[index];

    public void Insert(EngineSequence sequence)
    {
        var place = _sequences.Count;
        while (place > 0 && _sequences[place - 1].Order > sequence.Order) place--;
        _sequences.Insert(place, sequence);
    }

    public void Remove(EngineSequence sequence) => _sequences.Remove(sequence);
}
