using System.Runtime.InteropServices;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;

namespace ArchGen.Tools.Measurement;

/// <summary>A matrix in F16 far larger than caches, whose product shows what a backend's products can reach.</summary>
internal sealed class ProductRates : IDisposable
{
    private const int Width = 8192;
    private const int Vocabulary = 64;
    private const int FewestRows = 64;
    private const int MostRows = 1024;
    private const int Runs = 5;

    // A device's clock and its frequency need some time for a steady figure.
    private const double EnoughSeconds = 0.03;

    private readonly GgufFile _file = Weights();
    private readonly InferenceContext _context;
    private readonly Batch _batch = new();
    private readonly Profiler _profiler = new();

    /// <summary>Opens a backend.</summary>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public ProductRates(IBackend backend)
    {
        var b = new GraphBuilder("product");
        var table = b.Leaf(Op.Weight, "table", new Shape(Vocabulary, Width));
        var x = b.Add("x", Op.GetRows, [table, b.Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens))], default);
        var y = b.Add("y", Op.Linear, [x, b.Leaf(Op.Weight, "w", new Shape(Width, Width))], default);
        try
        {
            _context = new InferenceContext(b.Build(y), _file, new ContextOptions { ContextLength = MostRows, MaxBatch = MostRows, Backend = backend })
            {
                Profiler = _profiler,
            };
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of weights per second that are read for one row.</summary>
    public double BytesPerSecond() => Best(1).BytesPerSecond;

    /// <summary>Operations per second of so many rows that they take some time.</summary>
    public double FlopsPerSecond()
    {
        var rows = FewestRows;
        while (rows < MostRows && Run(rows).Seconds < EnoughSeconds) rows *= 2;
        return Best(rows).FlopsPerSecond;
    }

    public void Dispose()
    {
        _context.Dispose();
        _file.Dispose();
    }

    private ProfileRow Best(int rows)
    {
        var best = Run(rows);
        for (var i = 0; i < Runs; i++)
        {
            if (Run(rows) is var row && row.Seconds < best.Seconds) best = row;
        }

        return best;
    }

    private ProfileRow Run(int rows)
    {
        _batch.Clear();
        for (var i = 0; i < rows; i++) _batch.Add(i % Vocabulary, i, 0, wantOutput: true);
        _context.RemoveSequence(0);
        _profiler.Reset();
        _context.Evaluate(_batch);
        return _profiler.Result().Rows.Single(row => row.Kind.StartsWith("matmul", StringComparison.Ordinal));
    }

    private static GgufFile Weights()
    {
        var halves = new Half[Width];
        for (var i = 0; i < Width; i++) halves[i] = (Half)((i % 17) - 8);
        var row = MemoryMarshal.AsBytes<Half>(halves).ToArray();
        var writer = new GgufWriter(new GgufMetadata("product"));
        writer.Add("table", TensorType.F16, [Width, Vocabulary], stream => Repeat(stream, row, Vocabulary));
        writer.Add("w", TensorType.F16, [Width, Width], stream => Repeat(stream, row, Width));
        var bytes = new MemoryStream((Width + Vocabulary + 1) * row.Length);
        writer.WriteTo(bytes);
        bytes.Position = 0;
        return GgufFile.FromStream(bytes, "product");
    }

    private static void Repeat(Stream stream, byte[] row, int count)
    {
        for (var i = 0; i < count; i++) stream.Write(row);
    }
}
