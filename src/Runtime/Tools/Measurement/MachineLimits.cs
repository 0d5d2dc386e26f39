using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats.Simd;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>The measured limits of the machine for a number of threads: the two lines of a roofline (doi:10.1145/1498765.1498785).</summary>
/// <param name="Threads">The number of threads.</param>
/// <param name="BytesPerSecond">Bytes that they read together per second, from a buffer far larger than the caches.</param>
/// <param name="FlopsPerSecond">
/// Single-precision operations per second of fused multiply-adds in registers, on the widest vector; integer and matrix units may do more.
/// </param>
/// <param name="VectorBits">The width of that vector in bits.</param>
public sealed record MachineLimits(int Threads, double BytesPerSecond, double FlopsPerSecond, int VectorBits)
{
    private const int Block = 512 << 20;
    private const int Chunk = 1 << 18;
    private const int MultiplyAdds = 20_000;
    private const double SecondsEach = 0.3;

    /// <summary>The device that they are measured on; null for the processor, whose threads and vector are the other figures.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// Measures a device by its own products of a matrix of 128 MiB in F16: the bytes that it reads for one row, and the operations of many rows.
    /// </summary>
    /// <exception cref="DeviceException">There is not enough memory on it.</exception>
    public static MachineLimits Measure(IBackend device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var rates = new ProductRates(device);
        return new MachineLimits(0, rates.BytesPerSecond(), rates.FlopsPerSecond(), 0) { Device = device.Name };
    }

    /// <summary>Measures for about a second, on 512 MB of memory.</summary>
    public static MachineLimits Measure(int threads)
    {
        using var pool = new WorkerPool(threads);
        return new MachineLimits(threads, ReadRate(pool), FlopRate(pool, out var bits), bits);
    }

    /// <summary>The lower bound of a step's time in seconds: its bytes at the memory's rate, or its operations at the vectors', the larger of both.</summary>
    public double MinSeconds(ProfileRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Math.Max(row.Bytes / BytesPerSecond, row.Flops / FlopsPerSecond);
    }

    /// <summary>Whether memory bandwidth limits a step, not arithmetic.</summary>
    public bool IsMemoryBound(ProfileRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Bytes / BytesPerSecond >= row.Flops / FlopsPerSecond;
    }

    private static unsafe double ReadRate(WorkerPool pool)
    {
        var data = (byte*)NativeMemory.AlignedAlloc(Block, 64);
        var sums = (long*)NativeMemory.AllocZeroed(Block / Chunk, sizeof(long));
        try
        {
            // Written once, so that the pages are mapped.
            new Span<byte>(data, Block).Fill(1);
            return Block / Best(() => pool.Run(new ReadJob(data, sums), Block / Chunk, 1));
        }
        finally
        {
            NativeMemory.AlignedFree(data);
            NativeMemory.Free(sums);
        }
    }

    private static unsafe double FlopRate(WorkerPool pool, out int bits)
    {
        if (InstructionSets.IsSupported(InstructionSet.Avx512)) return FlopRate<Simd512, Vector512<float>>(pool, out bits);
        return InstructionSets.IsSupported(InstructionSet.Avx2)
            ? FlopRate<Simd256, Vector256<float>>(pool, out bits)
            : FlopRate<Simd128, Vector128<float>>(pool, out bits);
    }

    private static unsafe double FlopRate<TSimd, TVector>(WorkerPool pool, out int bits) where TSimd : struct, ISimd<TVector> where TVector : struct
    {
        var ranges = 16 * pool.Threads;
        bits = 32 * TSimd.Lanes;
        var results = new float[ranges];
        return 2.0 * ranges * MultiplyAdds * MultiplyAddJob<TSimd, TVector>.Chains * TSimd.Lanes
            / Best(() => pool.Run(new MultiplyAddJob<TSimd, TVector>(results), ranges, 1));
    }

    private static double Best(Action once)
    {
        once();
        var best = double.MaxValue;
        var end = Stopwatch.GetTimestamp() + (long)(Stopwatch.Frequency * SecondsEach);
        do
        {
            var start = Stopwatch.GetTimestamp();
            once();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (Stopwatch.GetTimestamp() < end);
        return best;
    }

    private readonly unsafe struct ReadJob(byte* data, long* sums) : IParallelJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int begin, int end)
        {
            for (var c = begin; c < end; c++)
            {
                var (a, b) = (Vector256<long>.Zero, Vector256<long>.Zero);
                var from = data + ((long)c * Chunk);
                for (var p = from; p < from + Chunk; p += 128)
                {
                    a += Vector256.Load((long*)p) + Vector256.Load((long*)(p + 32));
                    b += Vector256.Load((long*)(p + 64)) + Vector256.Load((long*)(p + 96));
                }

                sums[c] = Vector256.Sum(a + b);
            }
        }
    }

    /// <summary>More chains of dependent multiply-adds than a core executes at a time.</summary>
    private readonly struct MultiplyAddJob<TSimd, TVector>(float[] results) : IParallelJob where TSimd : struct, ISimd<TVector> where TVector : struct
    {
        public const int Chains = 12;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int begin, int end)
        {
            for (var range = begin; range < end; range++)
            {
                TVector factor = TSimd.Broadcast(0.5f), term = TSimd.Broadcast(range + 1);
                TVector a = term, b = term, c = term, d = term, e = term, f = term, g = term, h = term, i = term, j = term, k = term, l = term;
                for (var n = 0; n < MultiplyAdds; n++)
                {
                    a = TSimd.MultiplyAdd(a, factor, term);
                    b = TSimd.MultiplyAdd(b, factor, term);
                    c = TSimd.MultiplyAdd(c, factor, term);
                    d = TSimd.MultiplyAdd(d, factor, term);
                    e = TSimd.MultiplyAdd(e, factor, term);
                    f = TSimd.MultiplyAdd(f, factor, term);
                    g = TSimd.MultiplyAdd(g, factor, term);
                    h = TSimd.MultiplyAdd(h, factor, term);
                    i = TSimd.MultiplyAdd(i, factor, term);
                    j = TSimd.MultiplyAdd(j, factor, term);
                    k = TSimd.MultiplyAdd(k, factor, term);
                    l = TSimd.MultiplyAdd(l, factor, term);
                }

                var sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
                results[range] = TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(i, j), TSimd.Add(k, l))));
            }
        }
    }
}
