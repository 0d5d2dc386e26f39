using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of many tokens as <see cref="SplitIntegers"/>: panels of 16 tokens, cut into pieces of <see cref="Piece"/> activations. A piece is the tokens'
/// scales and its steps (<see cref="AmxCode"/>); a tile's row is the same four activations of every token. What is missing to 16 tokens and to a whole step
/// is zero.
/// </summary>
internal static unsafe class AmxPanels
{
    /// <summary>Tokens per panel.</summary>
    public const int Width = AmxCode.Side;

    /// <summary>Activations of a piece; the last may be shorter. Holds whole blocks of every format.</summary>
    public const int Piece = IntegerPanels.Piece;

    private const int ScaleBytes = Width * sizeof(float);
    private const int PieceStride = ScaleBytes + (Piece / AmxCode.Step * AmxCode.StepBytes);

    /// <summary>Bytes from one panel to the next.</summary>
    public static long Stride(int k) => (long)((k + Piece - 1) / Piece) * PieceStride;

    /// <summary>Bytes of all panels.</summary>
    public static long Length(int tokens, int k) => (tokens + Width - 1L) / Width * Stride(k);

    /// <summary>The steps of the piece of a panel that begins at activation <paramref name="begin"/>.</summary>
    public static byte* PieceAt(byte* panel, int begin) => panel + ((long)begin / Piece * PieceStride) + ScaleBytes;

    /// <summary>The scales of a piece's tokens.</summary>
    public static float* ScalesOf(byte* piece) => (float*)(piece - ScaleBytes);

    /// <summary>The number of whole steps that hold <paramref name="count"/> elements.</summary>
    public static int Steps(int count) => (count + AmxCode.Step - 1) / AmxCode.Step;

    /// <summary>Fills the panels of the tokens from <paramref name="tokenBegin"/>, a multiple of the width, to <paramref name="tokenEnd"/>.</summary>
    /// <remarks>The parameters are those of <see cref="IntegerPanels.Fill"/>.</remarks>
    [SkipLocalsInit]
    public static void Fill(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* panels, ScaledBytes? unpacking)
    {
        const int PlaneBytes = Width * Piece;
        var bytes = stackalloc sbyte[2 * PlaneBytes];
        var padded = stackalloc float[Piece];
        var ordered = stackalloc sbyte[2 * Piece];
        for (var first = tokenBegin; first < tokenEnd; first += Width)
        {
            var panel = panels + (first / Width * Stride(k));
            var tokens = Math.Min(Width, tokenEnd - first);
            if (tokens < Width) new Span<sbyte>(bytes, 2 * PlaneBytes).Clear();
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                var places = unpacking?.PlacesOf(count);
                var piece = PieceAt(panel, begin);
                var scales = new Span<float>(ScalesOf(piece), Width);
                scales[tokens..].Clear();
                for (var t = 0; t < tokens; t++)
                {
                    var source = IntegerPanels.Padded(x + ((rows is null ? first + t : rows[first + t]) * xStride) + begin, count, AmxCode.Step, padded);
                    sbyte* row = bytes + (t * Piece), upper = places is null ? row : ordered, lower = places is null ? row + PlaneBytes : ordered + Piece;
                    scales[t] = SplitIntegers.Convert(source, Steps(count) * AmxCode.Step, upper, lower, AmxCode.Step);
                    if (places is null) continue;
                    TileOrder.Arrange((int*)upper, places, count, (int*)row);
                    TileOrder.Arrange((int*)lower, places, count, (int*)(row + PlaneBytes));
                }

                for (var step = 0; step < Steps(count); step++)
                {
                    Turn(bytes + (step * AmxCode.Step), piece + (step * AmxCode.StepBytes));
                    Turn(bytes + PlaneBytes + (step * AmxCode.Step), piece + (step * AmxCode.StepBytes) + AmxCode.TileBytes);
                }
            }
        }
    }

    /// <summary>tile[four, token] = bytes[token, four]</summary>
    private static void Turn(sbyte* bytes, byte* tile) => Transpose.Square16((uint*)bytes, Piece / sizeof(uint), (uint*)tile, Width);
}
