using System.Runtime.Intrinsics;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The last step of rows that are not whole steps wide: what is left of each row, filled up with zero bytes, which are zero weights in every format. In place
/// the weights of the next row would be read, whose scale may be infinite, or what is behind the tensor.
/// </summary>
internal static unsafe class LastSteps
{
    /// <summary>Copies them one after the other.</summary>
    /// <param name="rests">What is left of the first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="restBytes">Bytes that are left of a row, 16 at least: a block of 32 weights has more.</param>
    /// <param name="stepBytes">Bytes of a step.</param>
    /// <param name="steps">The destination, [rows, stepBytes].</param>
    public static void Copy(byte* rests, long rowBytes, int rows, int restBytes, int stepBytes, byte* steps)
    {
        new Span<byte>(steps, rows * stepBytes).Clear();
        var last = restBytes - Vector128<byte>.Count;
        for (var r = 0; r < rows; r++, rests += rowBytes, steps += stepBytes)
        {
            for (var at = 0; at < restBytes; at += 64) Memory.PrefetchFar(rests + at);
            // Calls that copy some bytes take longer than their products.
            for (var at = 0; at < last; at += Vector128<byte>.Count) Vector128.Load(rests + at).Store(steps + at);
            Vector128.Load(rests + last).Store(steps + last);
        }
    }
}
