using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats;
using ArchGen.Formats.Simd;
using ArchGen.Gguf;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Unpacks chunks of rows into 16-bit integers times a scale, through blocks of 256 signed bytes: weight = scale * byte / 2^headroom + minimum, where each of
/// 16 double words of bytes has a scale and a minimum (AVX512BW, <see cref="UnpackEmitter"/>).
/// </summary>
/// <remarks>
/// A block's memory: 256 bytes, in the type's <see cref="IntegerOrder"/>; the lanes' scales, minima and sums of the squares of 16 weights each, 16 floats each.
/// The order of the integers is that of <see cref="TileOrder"/>.
/// </remarks>
internal sealed unsafe class ScaledBytes
{
    public const int ScalesOffset = 256, MinimaOffset = 320, SquaresOffset = 384;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 448;

    private const int BlockSize = IntegerActivations.BlockSize, RowsAtATime = 8;
    private const int ScratchBytes = RowsAtATime * (IntegerPanels.ChunkSize / BlockSize) * BlockBytes;

    private readonly TensorType _type;
    private readonly int _blockWeightBytes;
    private readonly byte[] _places;
    private readonly float _unit, _maxNumber;
    private readonly bool _hasMinima;
    private UnpackEmitter? _code;

    private ScaledBytes(TensorType type, IntegerFormat format, bool isSplit)
    {
        (_type, _blockWeightBytes, _hasMinima) = (type, format.Bytes, format.HasMinima);
        // The factor of a byte in the upper half of a word, as a fraction of 2^15.
        _unit = 128 >> format.Headroom;
        _maxNumber = format.MaxNumber + 1;
        _places = TileOrder.Of(format.Order, isSplit);
    }

    /// <summary>The unpacking of a type, for integers that are split into bytes or for whole ones; null if there is no emitter for it.</summary>
    public static ScaledBytes? Find(TensorType type, bool isSplit) =>
        IntegerTileEmitter.IsSupported && FormatKernelTable.Of(type).FindIntegers() is { } format ? new ScaledBytes(type, format, isSplit) : null;

    /// <summary>Whether a chunk has whole blocks.</summary>
    public static bool Fits(int count) => count % BlockSize == 0;

    /// <summary>The order of a chunk's integers, as in <see cref="TileOrder"/>; null if the chunk does not fit and has the file's order.</summary>
    public byte[]? PlacesOf(int count) => Fits(count) ? _places : null;

    /// <summary>Prepares the first product: assembles its code.</summary>
    public void WarmUp() => _code = UnpackEmitter.For(_type);

    /// <summary>Unpacks.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="rowsAtATime">Rows of a whole call.</param>
    /// <param name="begin">The first weight of the chunk.</param>
    /// <param name="count">Weights of the chunk, a multiple of 256.</param>
    /// <param name="target">The destination of the integers.</param>
    /// <param name="scales">The scales, [rows].</param>
    [SkipLocalsInit]
    public void Unpack<TTarget>(byte* row, long rowBytes, int rows, int rowsAtATime, int begin, int count, TTarget target, float* scales)
        where TTarget : struct, IChunkTarget
    {
        var memory = stackalloc byte[ScratchBytes + 64];
        var scratch = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        var at = (long)begin / BlockSize * _blockWeightBytes;
        var blocks = count / BlockSize;
        var ahead = Memory.BytesToNextChunk(at, blocks * _blockWeightBytes, rowBytes, rowsAtATime);
        _code ??= UnpackEmitter.For(_type);
        for (var first = 0; first < rows; first += RowsAtATime)
        {
            var some = Math.Min(RowsAtATime, rows - first);
            _code.Run(row + (first * rowBytes) + at, rowBytes, some, blocks, ahead, scratch);
            if (_hasMinima) Convert<WithMinima, TTarget>(scratch, some, blocks, target, first, scales + first);
            else Convert<WithoutMinima, TTarget>(scratch, some, blocks, target, first, scales + first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Convert<TMinima, TTarget>(byte* block, int rows, int blocks, TTarget target, int first, float* scales)
        where TMinima : struct, IMinima
        where TTarget : struct, IChunkTarget
    {
        // All rows are measured before the first is converted, to hide the latency of the scale.
        var inverses = stackalloc float[RowsAtATime];
        for (var i = 0; i < rows; i++) scales[i] = SquareOfScale<TMinima, TTarget>(block + (i * blocks * BlockBytes), blocks);
        for (var i = 0; i < rows; i++)
        {
            var square = scales[i];
            scales[i] = MathF.Sqrt(square);
            inverses[i] = 1 / scales[i];
            if (square is not (> 1e-30f and < 1e30f)) scales[i] = MeasureExtreme<TMinima, TTarget>(block + (i * blocks * BlockBytes), blocks, out inverses[i]);
        }

        for (var i = 0; i < rows; i++)
        {
            var sum = Vector512<int>.Zero;
            for (var b = 0; b < blocks; b++, block += BlockBytes)
                sum = Convert<TMinima, TTarget>(block, Vector512.Create(inverses[i]), target, first + i, b * BlockSize, sum);
            target.End(first + i, sum);
        }
    }

    /// <summary>The square of the scale that a row's integers have; NaN and infinity among the lanes pass to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float SquareOfScale<TMinima, TTarget>(byte* block, int blocks)
        where TMinima : struct, IMinima
        where TTarget : struct, IChunkTarget
    {
        // A lane's largest weight is at most the lane's length, and at most the format's maximum. No product of the largest byte, and no minimum, overflows 16
        // bits.
        var (maxLength, max) = TTarget.Max;
        Vector512<float> squares = Vector512<float>.Zero, largest = squares, inverseSquare = Vector512.Create(1 / (max * max));
        Vector512<float> ofScale = Vector512.Create(_unit * (1f / short.MaxValue)), ofMinimum = Vector512.Create(1f / short.MaxValue);
        for (var b = 0; b < blocks; b++, block += BlockBytes)
        {
            var (lanes, scale) = (Vector512.Load((float*)(block + SquaresOffset)), Vector512.Load((float*)(block + ScalesOffset)));
            var number = scale * Vector512.Create(_maxNumber);
            scale *= ofScale;
            squares += lanes;
            if (TMinima.Exist)
            {
                var minimum = Vector512.Load((float*)(block + MinimaOffset));
                number = Vector512.Abs(number) + Vector512.Abs(minimum);
                minimum *= ofMinimum;
                largest = Avx512F.Max(largest, minimum * minimum);
            }

            largest = Avx512F.Max(largest, Avx512F.Max(Avx512F.Min(lanes, number * number) * inverseSquare, scale * scale));
        }

        // Magnitudes compare as integers; NaN is the largest.
        static int Magnitudes(float value) => BitConverter.SingleToInt32Bits(value) & int.MaxValue;
        var square = Vector512.Sum(squares) * (1 / (maxLength * maxLength));
        return BitConverter.Int32BitsToSingle(Math.Max(Magnitudes(square), Magnitudes(Magnitude.Max(largest))));
    }

    /// <summary>The same for squares that overflow or underflow: the lanes' numbers are first multiplied by a power of two.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private float MeasureExtreme<TMinima, TTarget>(byte* blocks, int count, out float inverse)
        where TMinima : struct, IMinima
        where TTarget : struct, IChunkTarget
    {
        const int Lanes = 16;
        var max = 0f;
        for (var block = blocks; block < blocks + (count * BlockBytes); block += BlockBytes)
        {
            max = MathF.Max(max, Magnitude.Max(Vector512.Load((float*)(block + ScalesOffset))));
            if (TMinima.Exist) max = MathF.Max(max, Magnitude.Max(Vector512.Load((float*)(block + MinimaOffset))));
        }

        inverse = 0;
        if (max == 0 || !float.IsFinite(max)) return max;

        var power = Math.ScaleB(1, -Math.ILogB(max));
        for (var block = blocks; block < blocks + (count * BlockBytes); block += BlockBytes)
        {
            float* scales = (float*)(block + ScalesOffset), minima = (float*)(block + MinimaOffset), squares = (float*)(block + SquaresOffset);
            for (var lane = 0; lane < Lanes; lane++)
            {
                scales[lane] = (float)(scales[lane] * power);
                if (TMinima.Exist) minima[lane] = (float)(minima[lane] * power);
                squares[lane] = 0;
            }

            for (var i = 0; i < BlockSize; i++)
            {
                var lane = i / 4 % Lanes;
                var weight = (scales[lane] * ((sbyte*)block)[i] * _unit / 128) + (TMinima.Exist ? minima[lane] : 0);
                squares[lane] += weight * weight;
            }
        }

        var scale = MathF.Sqrt(SquareOfScale<TMinima, TTarget>(blocks, count));
        inverse = scale > 0 ? 1 / scale : 0;
        return (float)(scale / power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<int> Convert<TMinima, TTarget>(byte* block, Vector512<float> inverse, TTarget target, int row, int begin, Vector512<int> sum)
        where TMinima : struct, IMinima
        where TTarget : struct, IChunkTarget
    {
        var (factors, moreFactors) = Words(Vector512.Load((float*)(block + ScalesOffset)) * (inverse * Vector512.Create(_unit)));
        var (minima, moreMinima) = TMinima.Exist ? Words(Vector512.Load((float*)(block + MinimaOffset)) * inverse) : default;
        for (var i = 0; i < BlockSize; i += 64)
        {
            var bytes = Vector512.Load(block + i);
            var words = Avx512BW.MultiplyHighRoundScale(Avx512BW.UnpackLow(Vector512<byte>.Zero, bytes).AsInt16(), factors);
            var moreWords = Avx512BW.MultiplyHighRoundScale(Avx512BW.UnpackHigh(Vector512<byte>.Zero, bytes).AsInt16(), moreFactors);
            if (TMinima.Exist) (words, moreWords) = (words + minima, moreWords + moreMinima);
            sum = target.Take(row, begin + i, words, moreWords, sum);
        }

        return sum;
    }

    /// <summary>The lanes' numbers as 16-bit integers, in each 128 bits the first two four times each, and the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<short> First, Vector512<short> Last) Words(Vector512<float> lanes)
    {
        const long FirstOfEach = 0x0100_0100_0100_0100, SecondOfEach = 0x0504_0504_0504_0504;
        const long ThirdOfEach = 0x0908_0908_0908_0908, FourthOfEach = 0x0D0C_0D0C_0D0C_0D0C;
        var first = Vector512.Create(FirstOfEach, SecondOfEach, FirstOfEach, SecondOfEach, FirstOfEach, SecondOfEach, FirstOfEach, SecondOfEach);
        var last = Vector512.Create(ThirdOfEach, FourthOfEach, ThirdOfEach, FourthOfEach, ThirdOfEach, FourthOfEach, ThirdOfEach, FourthOfEach);
        var integers = Avx512F.ConvertToVector512Int32(lanes).AsByte();
        return (Avx512BW.Shuffle(integers, first.AsByte()).AsInt16(), Avx512BW.Shuffle(integers, last.AsByte()).AsInt16());
    }

    private interface IMinima
    {
        static abstract bool Exist { get; }
    }

    private readonly struct WithMinima : IMinima
    {
        public static bool Exist => true;
    }

    private readonly struct WithoutMinima : IMinima
    {
        public static bool Exist => false;
    }
}
