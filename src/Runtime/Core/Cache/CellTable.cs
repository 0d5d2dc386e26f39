using System.Runtime.InteropServices;

namespace ArchGen.Runtime.Cache;

/// <summary>
/// The cells of the KV cache of each sequence. A cell holds the keys and values of one token in every layer; it is written once, and
/// sequences with the same beginning share it. A cell can be kept for later sequences after the last one that has it.
/// </summary>
internal sealed unsafe class CellTable : IDisposable
{
    // Added to the users of a cell that is kept, so that a cell is free if the number is 0.
    private const int KeptBit = 1 << 30;

    private readonly int* _users;
    private readonly int* _cells;
    private readonly int* _positions;
    private readonly int[] _counts;
    private readonly CellRemoval[] _removals;
    private int _firstFree;

    public CellTable(int cells, int sequences)
    {
        (Capacity, Free) = (cells, cells);
        _users = Allocate(cells);
        _cells = Allocate((long)cells * sequences);
        _positions = Allocate((long)cells * sequences);
        _counts = new int[sequences];
        _removals = new CellRemoval[sequences];
    }

    /// <summary>The number of cells.</summary>
    public int Capacity { get; }

    /// <summary>The number of cells that no sequence has and that are not kept.</summary>
    public int Free { get; private set; }

    /// <summary>The number of cells that are kept and that no sequence has.</summary>
    public int Kept { get; private set; }

    /// <summary>The number of tokens of a sequence.</summary>
    public int Count(int sequence) => _counts[sequence];

    /// <summary>The last removal of cells of a sequence. Between two of them cells are only appended.</summary>
    public CellRemoval LastRemoval(int sequence) => _removals[sequence];

    /// <summary>The cells of a sequence, by position.</summary>
    public int* Cells(int sequence) => _cells + ((long)sequence * Capacity);

    /// <summary>The positions of a sequence's tokens, ascending.</summary>
    public int* Positions(int sequence) => _positions + ((long)sequence * Capacity);

    /// <summary>The position of a sequence's last token, -1 if it has none.</summary>
    public int LastPosition(int sequence) => _counts[sequence] == 0 ? -1 : Positions(sequence)[_counts[sequence] - 1];

    /// <summary>Allocates a free cell to a sequence for its next token. There must be one.</summary>
    public int Append(int sequence, int position)
    {
        while (_users[_firstFree] != 0) _firstFree++;
        var cell = _firstFree++;
        _users[cell] = 1;
        Free--;
        Cells(sequence)[_counts[sequence]] = cell;
        Positions(sequence)[_counts[sequence]++] = position;
        return cell;
    }

    /// <summary>Removes a sequence's tokens from a position on.</summary>
    public void Truncate(int sequence, int position)
    {
        var count = _counts[sequence];
        while (_counts[sequence] > 0 && LastPosition(sequence) >= position)
        {
            Release(Cells(sequence)[--_counts[sequence]]);
        }

        if (_counts[sequence] < count) Remove(sequence, _counts[sequence]);
    }

    /// <summary>Keeps the cell of a sequence's token at an index; it is not kept yet.</summary>
    /// <returns>The cell.</returns>
    public int Keep(int sequence, int index)
    {
        var cell = Cells(sequence)[index];
        _users[cell] |= KeptBit;
        return cell;
    }

    /// <summary>Whether a kept cell belongs to no sequence.</summary>
    public bool IsOnlyKept(int cell) => _users[cell] == KeptBit;

    /// <summary>No longer keeps a cell. It is free if no sequence has it.</summary>
    public void Drop(int cell)
    {
        _users[cell] &= ~KeptBit;
        if (_users[cell] != 0) return;
        Kept--;
        Free++;
        _firstFree = Math.Min(_firstFree, cell);
    }

    /// <summary>
    /// Gives a sequence kept cells from an index on, in place of its own, or for tokens that it does not have yet. The sequence's tokens have the
    /// positions 0, 1, 2 and so on.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="first">The index of the first token; at most the number of the sequence's tokens.</param>
    /// <param name="kept">The cells.</param>
    public void Share(int sequence, int first, ReadOnlySpan<int> kept)
    {
        var own = Cells(sequence);
        var replaced = int.MaxValue;
        for (var i = 0; i < kept.Length; i++)
        {
            var index = first + i;
            if (index < _counts[sequence] && own[index] == kept[i]) continue;
            if (_users[kept[i]]++ == KeptBit) Kept--;
            if (index < _counts[sequence])
            {
                Release(own[index]);
                replaced = Math.Min(replaced, index);
            }
            else
            {
                Positions(sequence)[_counts[sequence]++] = index;
            }

            own[index] = kept[i];
        }

        // A cell in place of another: for those who copy cells, it is as if all from there on were removed and others added.
        if (replaced != int.MaxValue) Remove(sequence, replaced);
    }

    /// <summary>Replaces the tokens of a sequence by those of another; the cells are shared.</summary>
    public void Copy(int from, int to)
    {
        if (from == to) return;
        Truncate(to, 0);
        _counts[to] = _counts[from];
        NativeMemory.Copy(Cells(from), Cells(to), (nuint)_counts[from] * sizeof(int));
        NativeMemory.Copy(Positions(from), Positions(to), (nuint)_counts[from] * sizeof(int));
        for (var i = 0; i < _counts[from]; i++) _users[Cells(from)[i]]++;
    }

    public void Dispose()
    {
        NativeMemory.Free(_users);
        NativeMemory.Free(_cells);
        NativeMemory.Free(_positions);
    }

    private void Release(int cell)
    {
        if (--_users[cell] > 0)
        {
            if (_users[cell] == KeptBit) Kept++;
            return;
        }

        Free++;
        _firstFree = Math.Min(_firstFree, cell);
    }

    private void Remove(int sequence, int left) => _removals[sequence] = new CellRemoval(_removals[sequence].Number + 1, left);

    private static int* Allocate(long count) => (int*)NativeMemory.AllocZeroed((nuint)count, sizeof(int));
}

/// <summary>A removal of cells of a sequence.</summary>
/// <param name="Number">The number of removals so far.</param>
/// <param name="Kept">Cells that it left.</param>
internal readonly record struct CellRemoval(long Number, int Kept);
