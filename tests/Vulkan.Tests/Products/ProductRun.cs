using System.Runtime.InteropServices;
using ArchGen.Cpu.Execution;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Products;

/// <summary>A graph of products with random weights of a type, run by the processor's exact kernels and by the device.</summary>
internal sealed class ProductRun : IDisposable
{
    /// <summary>Elements of x.</summary>
    public const int Width = 512;

    private const int Vocabulary = 64;
    private const int MaxRows = 128;

    private readonly Graph _graph;
    private readonly GgufFile _file;

    /// <summary>The type of weights.</summary>
    public TensorType Type { get; }

    /// <summary>Makes the graph and its weights.</summary>
    /// <param name="type">The type of weights whose names begin with w; others are floats.</param>
    /// <param name="body">Makes the result from x [T, 512].</param>
    /// <param name="scale">The largest magnitude of weights, and of x.</param>
    public ProductRun(TensorType type, Func<GraphBuilder, int, int> body, float scale = 1)
    {
        Type = type;
        var b = new GraphBuilder("products");
        var table = b.Leaf(Op.Weight, "table", new Shape(Vocabulary, Width));
        var x = b.Add("x", Op.GetRows, [table, b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        _graph = b.Build(body(b, x));
        var random = new Random(1);
        var writer = new GgufWriter(new GgufMetadata("weights"));
        foreach (var node in _graph.Nodes.Where(n => n.Op == Op.Weight))
        {
            long[] dims = [.. node.Shape.Select(d => (long)d.Evaluate(_ => 0)!.Value)];
            var values = new float[dims.Aggregate(1L, (a, d) => a * d)];
            for (var i = 0; i < values.Length; i++) values[i] = scale * (float)((random.NextDouble() * 2) - 1);
            var stored = node.Name.StartsWith('w') ? type : TensorType.F32;
            writer.Add(node.Name, stored, [.. dims.Reverse()], Encode(stored, values, (int)dims[^1]));
        }

        var stream = new MemoryStream();
        writer.WriteTo(stream);
        stream.Position = 0;
        _file = GgufFile.FromStream(stream, "weights");
    }

    /// <summary>The device with the shapes of a graphics processor, whatever it is.</summary>
    public static VulkanBackend WithHardwareShapes =>
        new(TestDevice.Get()) { Products = limits => ProductShapes.OfHardware(limits, TestDevice.Get().Properties.SubgroupSize) };

    /// <summary>Demands that the device gives the processor's results for each number of rows.</summary>
    public void AssertSame(VulkanBackend device, params ReadOnlySpan<int> rows)
    {
        foreach (var (count, error) in Errors(device, rows)) Assert.True(error <= 1e-10, $"NMSE {error:E2} for {count} rows");
    }

    /// <summary>The normalised mean squared error of the device's results, for each number of rows.</summary>
    public IReadOnlyList<(int Rows, double Error)> Errors(VulkanBackend device, params ReadOnlySpan<int> rows)
    {
        var errors = new List<(int, double)>();
        using var expected = Open(CpuBackend.Exact(2));
        using var actual = Open(device);
        foreach (var count in rows)
        {
            float[] a = Run(expected, count), b = Run(actual, count);
            double difference = 0, magnitude = 0;
            for (var i = 0; i < a.Length; i++)
            {
                difference += Math.Pow((double)a[i] - b[i], 2);
                magnitude += Math.Pow(a[i], 2);
            }

            Assert.True(magnitude > 0, "the expected values are all 0");
            errors.Add((count, difference / magnitude));
        }

        return errors;
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Encode(TensorType type, float[] values, int columns)
    {
        if (type == TensorType.F32) return MemoryMarshal.AsBytes<float>(values).ToArray();
        var bytes = new byte[type.ByteLength(columns) * (values.Length / columns)];
        var importance = new float[columns];
        Array.Fill(importance, 1);
        TensorFormats.Of(type).Encoder!.Encode(values, bytes, columns, importance);
        return bytes;
    }

    private static float[] Run(InferenceContext context, int rows)
    {
        var batch = new Batch();
        for (var i = 0; i < rows; i++) batch.Add(i * 7 % Vocabulary, i, 0, wantOutput: true);
        context.Evaluate(batch);
        var values = Enumerable.Range(0, rows).SelectMany(i => context.Output(i).ToArray()).ToArray();
        context.RemoveSequence(0);
        return values;
    }

    private InferenceContext Open(IBackend backend) => new(_graph, _file, new ContextOptions
    {
        ContextLength = MaxRows, MaxBatch = MaxRows, Backend = backend,
    });
}
