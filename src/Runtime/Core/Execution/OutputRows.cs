using System.Runtime.InteropServices;

namespace ArchGen.Runtime.Execution;

/// <summary>The rows of the result that were asked for, of all micro-batches of a batch.</summary>
/// <param name="width">Elements of a row.</param>
internal sealed unsafe class OutputRows(int width) : IDisposable
{
    private int[] _rowOfToken = [];
    private float* _rows;
    private int _capacity;
    private int _count;

    /// <summary>Makes room for the outputs of a batch.</summary>
    public void Reserve(Batch batch)
    {
        if (_rowOfToken.Length < batch.Count) _rowOfToken = new int[Math.Max(batch.Count, 2 * _rowOfToken.Length)];
        Array.Fill(_rowOfToken, -1);
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Tokens[i].WantOutput) _rowOfToken[i] = count++;
        }

        _count = 0;
        if (count <= _capacity) return;
        NativeMemory.Free(_rows);
        _rows = (float*)NativeMemory.Alloc((nuint)count * (nuint)width, sizeof(float));
        _capacity = count;
    }

    /// <summary>Appends the outputs of a micro-batch.</summary>
    public void Append(PlanRunner plan, int count)
    {
        if (count > 0) plan.ReadOutput(count, new Span<float>(_rows + ((long)_count * width), checked(count * width)));
        _count += count;
    }

    /// <summary>Has no outputs any more.</summary>
    public void Clear() => Array.Fill(_rowOfToken, -1);

    /// <summary>The row of a token of the batch; empty if it was not asked for.</summary>
    public ReadOnlySpan<float> Of(int token) =>
        (uint)token < (uint)_rowOfToken.Length && _rowOfToken[token] >= 0 ? new ReadOnlySpan<float>(_rows + ((long)_rowOfToken[token] * width), width) : [];

    public void Dispose()
    {
        NativeMemory.Free(_rows);
        _rows = null;
    }
}
