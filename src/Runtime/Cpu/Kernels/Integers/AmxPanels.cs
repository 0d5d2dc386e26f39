using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of many tokens as <see cref="SplitIntegers"/>: panels of 16 tokens, divided into chunks of <see cref="ChunkSize"/> activations. A chunk is the
/// tokens' scales and its steps (<see cref="AmxEmitter"/>); a tile's row is the same four activations of every token. Panels are padded with zeros to 16
/// tokens and to whole steps.
/// </summary>
internal static unsafe class AmxPanels
{
    /// <summary>Tokens per panel.</summary>
    public const int Width = AmxEmitter.Side;

    /// <summary>Activations of a chunk; the last may be shorter. Holds whole blocks of every format.</summary>
    public const int ChunkSize = IntegerPanels.ChunkSize;

    private const int ScaleBytes = Width * sizeof(float);
    private const int ChunkStride = ScaleBytes + (ChunkSize / AmxEmitter.Step * AmxEmitter.StepBytes);

    /// <summary>Bytes from one panel to the next.</summary>
    public static long Stride(int k) => (long)((k + ChunkSize - 1) / ChunkSize) * ChunkStride;

    /// <summary>Bytes of all panels.</summary>
    public static long Length(int tokens, int k) => (tokens + Width - 1L) / Width * Stride(k);

    /// <summary>The steps of the chunk of a panel that begins at activation <paramref name="begin"/>.</summary>
    public static byte* ChunkAt(byte* panel, int begin) => panel + ((long)begin / ChunkSize * ChunkStride) + ScaleBytes;

    /// <summary>The scales of a chunk's tokens.</summary>
    public static float* ScalesOf(byte* chunk) => (float*)(chunk - ScaleBytes);

    /// <summary>The number of whole steps that hold <paramref name="count"/> elements.</summary>
    public static int Steps(int count) => (count + AmxEmitter.Step - 1) / AmxEmitter.Step;

    /// <summary>Fills the panels of the tokens from <paramref name="tokenBegin"/>, a multiple of the width, to <paramref name="tokenEnd"/>.</summary>
    /// <remarks>The parameters are those of <see cref="IntegerPanels.Fill"/>.</remarks>
    [SkipLocalsInit]
    public static void Fill(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* panels, ScaledBytes? unpacking)
    {
        const int PlaneBytes = Width * ChunkSize;
        var bytes = stackalloc sbyte[2 * PlaneBytes];
        var padded = stackalloc float[ChunkSize];
        var ordered = stackalloc sbyte[2 * ChunkSize];
        for (var first = tokenBegin; first < tokenEnd; first += Width)
        {
            var panel = panels + (first / Width * Stride(k));
            var tokens = Math.Min(Width, tokenEnd - first);
            if (tokens < Width) new Span<sbyte>(bytes, 2 * PlaneBytes).Clear();
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                var places = unpacking?.PlacesOf(count);
                var chunk = ChunkAt(panel, begin);
                var scales = new Span<float>(ScalesOf(chunk), Width);
                scales[tokens..].Clear();
                for (var t = 0; t < tokens; t++)
                {
                    var source = IntegerPanels.Padded(x + ((rows is null ? first + t : rows[first + t]) * xStride) + begin, count, AmxEmitter.Step, padded);
                    sbyte* row = bytes + (t * ChunkSize), upper = places is null ? row : ordered;
                    var lower = places is null ? row + PlaneBytes : ordered + ChunkSize;
                    scales[t] = SplitIntegers.Convert(source, Steps(count) * AmxEmitter.Step, upper, lower, AmxEmitter.Step);
                    if (places is null) continue;
                    TileOrder.Arrange((int*)upper, places, count, (int*)row);
                    TileOrder.Arrange((int*)lower, places, count, (int*)(row + PlaneBytes));
                }

                for (var step = 0; step < Steps(count); step++)
                {
                    TransposeTile(bytes + (step * AmxEmitter.Step), chunk + (step * AmxEmitter.StepBytes));
                    TransposeTile(bytes + PlaneBytes + (step * AmxEmitter.Step), chunk + (step * AmxEmitter.StepBytes) + AmxEmitter.TileBytes);
                }
            }
        }
    }

    /// <summary>tile[four, token] = bytes[token, four]</summary>
    private static void TransposeTile(sbyte* bytes, byte* tile) => Transpose.Square16((uint*)bytes, ChunkSize / sizeof(uint), (uint*)tile, Width);
}
