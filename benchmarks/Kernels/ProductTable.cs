using System.Diagnostics;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Formats;
using ArchGen.Tools.Measurement;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>The best speed of matrix products of many shapes, in a few seconds: arguments [threads] [tokens,..] [type,..|all] [tier].</summary>
/// <remarks>Weights of each shape are repeated until they exceed the caches, as a model's layers do.</remarks>
internal static class ProductTable
{
    public static void Print(string[] args)
    {
        var threads = args.Length > 0 ? int.Parse(args[0]) : Environment.ProcessorCount;
        var tokenCounts = args.Length > 1 ? args[1].Split(',').Select(int.Parse).ToArray() : [1, 128];
        var types = args.Length > 2 && args[2] != "all"
            ? args[2].Split(',').Select(Choice.Type).ToArray()
            : TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable).ToArray();
        var target = args.Length > 3 ? Choice.Tier(args[3]) : CpuTarget.Fastest;
        (int Rows, int K)[] shapes = [(2048, 2048), (5632, 2048), (2048, 5632), (32000, 2048)];

        using var pool = new WorkerPool(threads);
        Console.WriteLine($"{threads} threads, {target}; plain read {MachineLimits.Measure(threads).BytesPerSecond / 1e9:f1} GB/s");
        foreach (var tokens in tokenCounts)
        {
            Console.WriteLine($"{tokens,4} tokens   {string.Join("", shapes.Select(s => $"{s.Rows + "x" + s.K,22}"))}");
            foreach (var type in types)
            {
                var kernel = MatMulKernel.For(type, target);
                Console.WriteLine($"  {type.Name,-9}   {string.Concat(shapes.Select(s => Measure(pool, kernel, s.Rows, s.K, tokens)))}");
            }
        }
    }

    private static unsafe string Measure(WorkerPool pool, MatMulKernel kernel, int rows, int k, int tokens)
    {
        const long BeyondCaches = 256 << 20;
        var rowBytes = kernel.Type.ByteLength(k);
        var copies = tokens == 1 ? (int)Math.Max(1, BeyondCaches / (rows * rowBytes)) : 1;
        var bytes = rows * rowBytes * copies;
        using var weights = new NativeArray(bytes);
        Weights.Fill(weights.Bytes, bytes, kernel.Type, new Random(1));
        using var x = NativeArray.RandomFloats((long)tokens * k);
        using var y = new NativeArray((long)tokens * rows * sizeof(float));
        using var prepared = new NativeArray(kernel.PreparedBytes(tokens, k));

        var copy = 0;
        void Once()
        {
            pool.Prepare(kernel, x.Floats, k, null, tokens, k, prepared.Bytes);
            pool.Multiply(kernel, weights.Bytes + copy * rows * rowBytes, rowBytes, rows, k, prepared.Bytes, tokens, y.Floats, rows);
            copy = (copy + 1) % copies;
        }

        var seconds = Best(Once);
        var gigabytes = rows * rowBytes / seconds / 1e9;
        var gigaflops = 2.0 * rows * k * tokens / seconds / 1e9;
        return $"{gigabytes,7:f1} GB/s {gigaflops,6:f0} GF";
    }

    private static double Best(Action once)
    {
        once();
        var best = double.MaxValue;
        var end = Stopwatch.GetTimestamp() + Stopwatch.Frequency * 3 / 10;
        do
        {
            var start = Stopwatch.GetTimestamp();
            once();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (Stopwatch.GetTimestamp() < end);
        return best;
    }
}
