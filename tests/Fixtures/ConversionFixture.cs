using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ArchGen.Recipes;

namespace ArchGen.Fixtures;

/// <summary>A small Hugging Face checkpoint: its files, the weights by their rule, what llama.cpp's converter makes of it and what the author's model computes.</summary>
public sealed class ConversionFixture : IDisposable
{
    private static readonly string[] NotOfTheCheckpoint = ["tensors.json", "expected.json", "logits.f32"];

    private readonly TemporaryFolder _folder = new();
    private readonly JsonElement _recipe;
    private readonly ulong _seed;

    public ConversionFixture(string name)
    {
        Name = name;
        var source = SharedFixtures.Local(System.IO.Path.Combine("conversion", name));
        Path = System.IO.Path.Combine(_folder.Path, name);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = System.IO.Path.GetRelativePath(source, file);
            if (NotOfTheCheckpoint.Contains(relative)) continue;
            var target = System.IO.Path.Combine(Path, relative);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        _recipe = Read(source, "tensors.json");
        _seed = _recipe.GetProperty("seed").GetUInt64();
        Expected = Read(source, "expected.json");
        WriteWeights();
    }

    public string Name { get; }

    /// <summary>The checkpoint's folder.</summary>
    public string Path { get; }

    /// <summary>expected.json.</summary>
    public JsonElement Expected { get; }

    /// <summary>The author's logits.</summary>
    public float[] Logits => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedFixtures.Local(System.IO.Path.Combine("conversion", Name, "logits.f32")))).ToArray();

    /// <summary>The names of all fixtures.</summary>
    public static IEnumerable<string> Names => Directory.GetDirectories(SharedFixtures.Local("conversion")).Select(d => System.IO.Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static JsonElement Read(string folder, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(folder, file)));
        return document.RootElement.Clone();
    }

    private void WriteWeights()
    {
        var format = _recipe.GetProperty("format").GetString()!;
        if (!format.StartsWith("safetensors", StringComparison.Ordinal)) return;
        var shards = _recipe.TryGetProperty("shards", out var map) ? map : (JsonElement?)null;
        foreach (var file in _recipe.GetProperty("tensors").EnumerateArray().GroupBy(row => shards?.GetProperty(row[0].GetString()!).GetString() ?? "model.safetensors"))
        {
            var header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
            var data = new MemoryStream();
            foreach (var row in file)
            {
                var begin = data.Length;
                data.Write(Bytes(row));
                header.Append($",\"{row[0].GetString()}\":{{\"dtype\":\"{row[1].GetString()}\",\"shape\":{row[2].GetRawText()},\"data_offsets\":[{begin},{data.Length}]}}");
            }

            File.WriteAllBytes(System.IO.Path.Combine(Path, file.Key), SafetensorsBytes.Of(header.Append('}').ToString(), data.ToArray()));
        }
    }

    private byte[] Bytes(JsonElement row)
    {
        var (type, kind) = (row[1].GetString()!, row[3].GetString()!);
        var count = row[2].EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64());
        var width = type switch { "F32" or "I32" => 4, "F16" or "BF16" => 2, "I64" => 8, _ => 1 };
        var bytes = new byte[count * width];
        var weights = RandomWeights.IsKind(kind) || kind == "bits" ? new RandomWeights(row[0].GetString()!, _seed, kind == "bits" ? "bytes" : kind, kind == "bits" ? 0 : row[4].GetDouble(), kind == "bits" ? 0 : row[5].GetDouble()) : null;
        for (var i = 0L; i < count; i++)
        {
            var target = bytes.AsSpan((int)(i * width), width);
            switch (type)
            {
                case "F32": BinaryPrimitives.WriteSingleLittleEndian(target, Value(i)); break;
                case "F16": BinaryPrimitives.WriteHalfLittleEndian(target, (Half)Value(i)); break;
                case "BF16": BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(BitConverter.SingleToUInt32Bits(RoundToBFloat16(Value(i))) >> 16)); break;
                case "F8_E4M3": target[0] = NearestE4M3(Value(i)); break;
                case "U8": target[0] = (byte)Value(i); break;
                case "I32" when kind == "bits": for (var j = 0; j < 4; j++) target[j] = weights!.Byte(i, j); break;
                case "I32" when kind == "gidx": BinaryPrimitives.WriteInt32LittleEndian(target, (int)Math.Floor(i / row[5].GetDouble())); break;
                case "I64" when kind == "list": BinaryPrimitives.WriteInt64LittleEndian(target, row[4][(int)i].GetInt64()); break;
                default: throw new InvalidOperationException($"{row}: unknown type or kind");
            }
        }

        return bytes;

        float Value(long i) => kind == "ones" ? 1 : weights![i];
    }

    private static float RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }

    /// <summary>The nearest 8-bit float of 4 exponent bits, of two equally near the even one; by search, unlike the reader's arithmetic.</summary>
    private static byte NearestE4M3(float value)
    {
        var magnitude = Math.Abs(value);
        var best = 0;
        for (var code = 1; code < 127; code++)
        {
            double distance = Math.Abs(E4M3(code) - magnitude), least = Math.Abs(E4M3(best) - magnitude);
            if (distance < least || (distance == least && code % 2 == 0)) best = code;
        }

        return (byte)(best | (value < 0 ? 128 : 0));
    }

    private static double E4M3(int code) => code < 8 ? code * Math.Pow(2, -9) : (8 + (code & 7)) * Math.Pow(2, (code >> 3) - 10);
}
