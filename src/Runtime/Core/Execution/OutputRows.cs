using System.Runtime.InteropServices;

namespace ArchGen.Runtime.Execution;

/// <summary>The requested rows of the result: of all micro-batches of a batch, or of one micro-batch at a time.</summary>
/// <param name="width">Elements of a row.</param>
internal sealed unsafe class OutputRows(int width) : IDisposable
{
    private int[] _rowOfToken = [];
    private float* _rows;
    private int _capacity;
    private int _first;
    private int _count;

    /// <summary>Allocates the memory for the outputs of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="atOnce">The largest number of outputs that are kept at the same time.</param>
    public void Begin(Batch batch, int atOnce)
    {
        if (_rowOfToken.Length < batch.Count) _rowOfToken = new int[Math.Max(batch.Count, 2 * _rowOfToken.Length)];
        Array.Fill(_rowOfToken, -1);
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Tokens[i].WantOutput) _rowOfToken[i] = count++;
        }

        (_first, _count) = (0, 0);
        count = Math.Min(count, atOnce);
        if (count <= _capacity) return;
        NativeMemory.Free(_rows);
        _rows = (float*)NativeMemory.Alloc((nuint)count * (nuint)width, sizeof(float));
        _capacity = count;
    }

    /// <summary>Appends the outputs of a micro-batch. Where it has none, the plan is asked all the same: reading is when a device tells of errors.</summary>
    public void Append(PlanRunner plan, int count)
    {
        plan.ReadOutput(count, new Span<float>(_rows + ((long)_count * width), checked(count * width)));
        _count += count;
    }

    /// <summary>Removes the outputs; those of later micro-batches replace them.</summary>
    public void Drop() => (_first, _count) = (_first + _count, 0);

    /// <summary>Removes all outputs.</summary>
    public void Clear() => Array.Fill(_rowOfToken, -1);

    /// <summary>The row of a token of the batch; empty if it was not requested, or was removed.</summary>
    public ReadOnlySpan<float> Of(int token)
    {
        if ((uint)token >= (uint)_rowOfToken.Length || _rowOfToken[token] < 0) return [];
        var row = _rowOfToken[token] - _first;
        return row >= 0 && row < _count ? new ReadOnlySpan<float>(_rows + ((long)row * width), width) : [];
    }

    public void Dispose()
    {
        NativeMemory.Free(_rows);
        _rows = null;
    }
}
