using System.Globalization;
using System.Runtime.InteropServices;
using ArchGen.Architectures;
using ArchGen.Benchmarks.Quantization;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;
using BenchmarkDotNet.Running;

// The tables of docs/quantization.md, and the speed of the decoders.
//   dotnet run -c Release --project benchmarks/Quantization -- types ROWS.f32 IMPORTANCE.f32
//   dotnet run -c Release --project benchmarks/Quantization -- perplexity MODEL.gguf TEXT CHUNK
//   dotnet run -c Release --project benchmarks/Quantization -- decoders [BenchmarkDotNet's options, such as --filter '*Q4_K*']
switch (args)
{
    case ["types", var rows, var importance]:
        Types(Floats(rows), Floats(importance));
        return 0;
    case ["perplexity", var model, var text, var chunk]:
        Perplexities(model, File.ReadAllText(text), int.Parse(chunk, CultureInfo.InvariantCulture));
        return 0;
    case ["decoders", .. var options]:
        if (options is []) options = ["--filter", "*"];
        BenchmarkSwitcher.FromTypes([typeof(DecoderBenchmark)]).Run(options, DecoderBenchmark.Configuration);
        return 0;
    default:
        Console.Error.WriteLine("types ROWS.f32 IMPORTANCE.f32 (one weight per column); perplexity MODEL.gguf TEXT CHUNK; decoders [OPTIONS]");
        return 1;
}

// Each type's bits and how far rows are from what they were, with and without importance.
static void Types(float[] values, float[] importance)
{
    Console.WriteLine("| type | bits per weight | NMSE | weighted NMSE | weighted NMSE with importance |");
    Console.WriteLine("|---|---|---|---|---|");
    foreach (var type in TensorFormats.Encodable.Where(format => format.IsDecodable).Select(format => format.Type).OrderByDescending(Bits))
    {
        var plain = TensorFormats.Of(type).Encoder!.NeedsImportance ? null : Decoded(type, values, importance.Length, default);
        var weighted = Decoded(type, values, importance.Length, importance);
        var (error, unaware, aware) = (Error(plain, null), Error(plain, importance), Error(weighted, importance));
        Console.WriteLine($"| {type.Name} | {Text(Bits(type), "0.####")} | {error} | {unaware} | {aware} |");
    }

    string Error(float[]? decoded, float[]? weights)
    {
        if (decoded is null) return "";
        double error = 0, power = 0;
        for (var i = 0; i < values.Length; i++)
        {
            double weight = weights is null ? 1 : weights[i % weights.Length], difference = decoded[i] - values[i];
            error += weight * difference * difference;
            power += weight * values[i] * values[i];
        }

        return Text(error / power, "0.00E+0");
    }

    static double Bits(TensorType type) => TensorFormats.Of(type).BitsPerWeight;
}

static unsafe float[] Decoded(TensorType type, float[] values, int columns, ReadOnlySpan<float> importance)
{
    var bytes = new byte[type.ByteLength(values.Length)];
    TensorFormats.Of(type).Encoder!.Encode(values, bytes, columns, importance);
    var decoded = new float[values.Length];
    fixed (byte* source = bytes)
    fixed (float* destination = decoded)
        TensorFormats.Of(type).Decoder.Decode(source, destination, decoded.Length);
    return decoded;
}

// What each file type makes of a model.
static void Perplexities(string path, string content, int chunk)
{
    Console.WriteLine("| file type | bits per weight | perplexity |");
    Console.WriteLine("|---|---|---|");
    Measure("as it is", path);
    var folder = Directory.CreateTempSubdirectory("archgen-");
    try
    {
        foreach (var type in FileTypes.All.Where(t => !t.KeepsTypes))
        {
            using var source = GgufFile.Open(path);
            var plan = QuantizationPlan.Create(source, Catalog.All, type, new QuantizationOptions { AllowRequantize = true });
            if (plan.Problems.Count > 0) continue;
            var file = Path.Combine(folder.FullName, "model.gguf");
            Quantizer.Write(plan, file, keepSplit: false, Environment.ProcessorCount, null, CancellationToken.None);
            Measure(type.Name, file);
        }
    }
    finally
    {
        folder.Delete(recursive: true);
    }

    void Measure(string name, string file)
    {
        using var model = LoadedModel.Open(file, Catalog.All);
        var result = Perplexity.Measure(model, ChunkedText.Create(model.Tokenizer, content, chunk));
        var bits = 8.0 * model.File.Tensors.Sum(t => t.ByteLength) / model.File.Tensors.Sum(t => t.ElementCount);
        Console.WriteLine($"| {name} | {Text(bits, "0.00")} | {Text(result.Perplexity.Value, "0.0000")} |");
    }
}

static float[] Floats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();

static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
