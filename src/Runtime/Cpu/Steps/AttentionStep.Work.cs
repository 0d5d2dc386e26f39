namespace ArchGen.Cpu.Steps;

/// <content>The memory of a tile.</content>
internal sealed unsafe partial class AttentionStep
{
    // Floats of the largest vector.
    private const int Alignment = 16;

    /// <summary>The memory of a tile while it is computed, and its sizes.</summary>
    private struct TileWork
    {
        public readonly int Queries, Fours, Width, ValueWidth, Block, KvHead;
        public readonly bool IsTransposed;
        public float* Query, Sum, Weights, Transposed, KeyBlock, ValueBlock;

        public TileWork(AttentionStep step, Tile tile)
        {
            Queries = tile.Tokens * tile.Heads;
            Fours = (Queries + 3) & ~3;
            (Width, ValueWidth, Block, KvHead) = (Padded(step._width), Padded(step._valueWidth), step.BlockOf(), tile.KvHead);
            IsTransposed = Queries >= QueriesToTranspose;
        }

        /// <summary>The number of floats.</summary>
        public readonly int Floats => (Fours * (Width + ValueWidth + Block)) + (Block * (Width + ValueWidth + (IsTransposed ? Width : 0)));

        /// <summary>Divides the memory: <see cref="Floats"/>, and some for the alignment.</summary>
        public void Place(float* memory)
        {
            Query = (float*)(((nuint)memory + 63) & ~(nuint)63);
            Sum = Query + (Fours * Width);
            Weights = Sum + (Fours * ValueWidth);
            KeyBlock = Weights + (Fours * Block);
            ValueBlock = KeyBlock + (Block * Width);
            Transposed = ValueBlock + (Block * ValueWidth);
            // Rows are padded with zeros; the weights of queries after the last are 0.
            new Span<float>(Weights, Fours * Block).Clear();
            new Span<float>(KeyBlock, Block * (Width + ValueWidth)).Clear();
        }
    }

    /// <summary>A query, and the state of its running softmax.</summary>
    private struct QueryState(int low, int high, int position, int head)
    {
        public readonly int Low = low;
        public readonly int High = high;
        public readonly int Position = position;
        public readonly int Head = head;
        public Softmax Running = new();
    }

    /// <summary>The largest score, and the sum of the weights relative to it.</summary>
    private struct Softmax()
    {
        public float Max = float.NegativeInfinity;
        public float Sum;
    }
}
