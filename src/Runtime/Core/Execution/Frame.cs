using System.Runtime.InteropServices;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>The micro-batch that the steps of a plan are run on. Refilled for each; its memory is that of the largest.</summary>
internal sealed unsafe class Frame : IDisposable
{
    /// <summary>Allocates a frame.</summary>
    /// <param name="capacity">The largest number of tokens.</param>
    public Frame(int capacity)
    {
        Capacity = capacity;
        Tokens = Allocate(capacity);
        Positions = Allocate(capacity);
        Cells = Allocate(capacity);
        OutputRows = Allocate(capacity);
        Order = Allocate(capacity);
        OrderedPositions = Allocate(capacity);
        Spans = new SequenceSpan[capacity];
    }

    public int Capacity { get; }

    /// <summary>Rows in use.</summary>
    public int TokenCount { get; set; }

    public int OutputCount { get; set; }

    /// <summary>The phase of all its tokens.</summary>
    public TokenPhase Phase { get; set; }

    /// <summary>The number of the set of adapters of all its sequences.</summary>
    public int AdapterSet { get; set; }

    /// <summary>Rows of the encoder's output that cross attention sees.</summary>
    public int EncoderCount { get; set; }

    /// <summary>Token id of each row.</summary>
    public int* Tokens { get; }

    /// <summary>Position of each row in its sequence.</summary>
    public int* Positions { get; }

    /// <summary>Cell of the KV cache that each row's keys and values go to.</summary>
    public int* Cells { get; }

    /// <summary>The rows whose output is wanted.</summary>
    public int* OutputRows { get; }

    /// <summary>The rows sequence by sequence, by position within each.</summary>
    public int* Order { get; }

    /// <summary>The positions of the rows of <see cref="Order"/>.</summary>
    public int* OrderedPositions { get; }

    /// <summary>The part of <see cref="Order"/> that each sequence has.</summary>
    public SequenceSpan[] Spans { get; }

    public int SpanCount { get; set; }

    /// <summary>The number of rows in this micro-batch.</summary>
    public int RowsOf(RowCount rows) => rows.Domain switch
    {
        RowDomain.Tokens => TokenCount,
        RowDomain.Outputs => OutputCount,
        RowDomain.Encoder => EncoderCount,
        _ => rows.Constant,
    };

    public void Dispose()
    {
        NativeMemory.Free(Tokens);
        NativeMemory.Free(Positions);
        NativeMemory.Free(Cells);
        NativeMemory.Free(OutputRows);
        NativeMemory.Free(Order);
        NativeMemory.Free(OrderedPositions);
    }

    private static int* Allocate(int count) => (int*)NativeMemory.AllocZeroed((nuint)count, sizeof(int));
}

/// <summary>The rows of one sequence within a micro-batch.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Start">First place in <see cref="Frame.Order"/>.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct SequenceSpan(int Sequence, int Start, int Count);
