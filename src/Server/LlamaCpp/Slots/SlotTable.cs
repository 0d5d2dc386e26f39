using ArchGen.Server.LlamaCpp.Completions;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Slots;

/// <summary>
/// The slots of llama.cpp's API. The engine needs none: all its answers share one cache and one queue. A slot remembers the last conversation that was
/// answered under its number, so that it can be saved, erased and gone on with. Safe for several threads.
/// </summary>
/// <param name="count">The number of slots.</param>
internal sealed class SlotTable(int count)
{
    // Of a prompt, from which a slot is taken since it has the same beginning.
    private const double MinShare = 0.1;

    private readonly Lock _gate = new();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, count).Select(id => new Slot(id))];
    private long _uses;

    /// <summary>The slots.</summary>
    public IReadOnlyList<Slot> Slots => _slots;

    /// <summary>The slot of a number.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public Slot this[int id] => (uint)id < (uint)_slots.Length ? _slots[id]
        : throw new RequestException($"There is no slot {id}; expected 0 to {_slots.Length - 1}.");

    /// <summary>Takes a slot for an answer: the one that the request names, or a free one, if possible with the same beginning.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompt">The tokens of the prompt.</param>
    /// <param name="model">The model.</param>
    public SlotUse Take(CompletionRequest request, int[] prompt, ServedModel model)
    {
        lock (_gate)
        {
            // Numbers beyond the last begin again, as in llama.cpp.
            var slot = request.Slot >= 0 ? _slots[request.Slot % _slots.Length] : Choose(prompt);
            var own = slot.Tokens.AsSpan().CommonPrefixLength(prompt);
            slot.LastUse = ++_uses;
            slot.Users++;
            return slot.Current = new SlotUse(this, slot, prompt, request, model) { Task = _uses, MaxCachedTokens = request.Slot >= 0 ? own : null };
        }
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="tokens">The conversation that it has now.</param>
    public void Release(Slot slot, int[] tokens)
    {
        lock (_gate)
        {
            slot.Users--;
            slot.Tokens = tokens;
        }
    }

    /// <summary>Lets a slot have another conversation.</summary>
    public void Set(Slot slot, int[] tokens)
    {
        lock (_gate) slot.Tokens = tokens;
    }

    private Slot Choose(int[] prompt)
    {
        var free = _slots.Where(slot => slot.Users == 0).DefaultIfEmpty(_slots.MinBy(slot => slot.Users)!).ToArray();
        var best = free.MaxBy(slot => slot.Tokens.AsSpan().CommonPrefixLength(prompt))!;
        return best.Tokens.AsSpan().CommonPrefixLength(prompt) > MinShare * prompt.Length ? best : free.MinBy(slot => slot.LastUse)!;
    }
}

/// <summary>A slot.</summary>
/// <param name="id">Its number.</param>
internal sealed class Slot(int id)
{
    /// <summary>Its number.</summary>
    public int Id => id;

    /// <summary>The tokens of its last conversation, prompt and answer.</summary>
    public int[] Tokens { get; set; } = [];

    /// <summary>The answers that use it.</summary>
    public int Users { get; set; }

    /// <summary>When it was last taken, by a count.</summary>
    public long LastUse { get; set; }

    /// <summary>Its last answer; null if it has had none.</summary>
    public SlotUse? Current { get; set; }
}
