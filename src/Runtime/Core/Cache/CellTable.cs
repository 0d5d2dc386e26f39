using System.Runtime.InteropServices;

namespace ArchGen.Runtime.Cache;

/// <summary>
/// The cells of the KV cache of each sequence. A cell holds the keys and values of one token in every layer; it is written once, and
/// sequences with the same beginning share it.
/// </summary>
internal sealed unsafe class CellTable : IDisposable
{
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

    /// <summary>The number of cells that no sequence has.</summary>
    public int Free { get; private set; }

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
            var cell = Cells(sequence)[--_counts[sequence]];
            if (--_users[cell] > 0) continue;
            Free++;
            _firstFree = Math.Min(_firstFree, cell);
        }

        if (_counts[sequence] < count) _removals[sequence] = new CellRemoval(_removals[sequence].Number + 1, _counts[sequence]);
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

    private static int* Allocate(long count) => (int*)NativeMemory.AllocZeroed((nuint)count, sizeof(int));
}

/// <summary>A removal of cells of a sequence.</summary>
/// <param name="Number">The number of removals so far.</param>
/// <param name="Kept">Cells that it left.</param>
internal readonly record struct CellRemoval(long Number, int Kept);
