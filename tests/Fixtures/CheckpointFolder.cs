using System.Text;
using System.Text.Json;
using ArchGen.Tools.Recipes;

namespace ArchGen.Fixtures;

/// <summary>
/// A small checkpoint of <c>conversion/</c> as a folder that could have been published: its files copied, and the weight files written by the rule of
/// <c>tensors.json</c> where they are not there themselves. Deleted when disposed.
/// </summary>
public sealed class CheckpointFolder : IDisposable
{
    private static readonly string[] NotPublished = ["tensors.json", "expected.json", "logits.f32"];

    private readonly TemporaryFolder _folder = new();

    /// <param name="name">The name of the fixture, such as "llama-mha".</param>
    /// <param name="folder">The folder of such fixtures.</param>
    public CheckpointFolder(string name, string folder = "conversion")
    {
        Fixture = SharedFixtures.Local($"{folder}/{name}");
        foreach (var file in Directory.GetFiles(Fixture, "*", SearchOption.AllDirectories))
        {
            var relative = System.IO.Path.GetRelativePath(Fixture, file);
            if (NotPublished.Contains(relative)) continue;
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(relative))!);
            System.IO.File.Copy(file, File(relative));
        }

        if (System.IO.File.Exists(System.IO.Path.Combine(Fixture, "tensors.json"))) WriteWeights();
    }

    /// <summary>The folder of the fixture itself, with <c>expected.json</c> and <c>logits.f32</c>.</summary>
    public string Fixture { get; }

    /// <summary>The folder of the checkpoint.</summary>
    public string Path => _folder.Path;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary><c>expected.json</c>.</summary>
    public JsonElement ReadExpected() => ReadJson("expected.json");

    public void Dispose() => _folder.Dispose();

    private JsonElement ReadJson(string name)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(System.IO.Path.Combine(Fixture, name)));
        return document.RootElement.Clone();
    }

    private void WriteWeights()
    {
        var recipe = ReadJson("tensors.json");
        if (recipe.GetProperty("format").GetString() is not ("safetensors" or "safetensors-sharded")) return;
        var seed = recipe.GetProperty("seed").GetUInt64();
        var isSharded = recipe.TryGetProperty("shards", out var shards);
        var rows = recipe.GetProperty("tensors").EnumerateArray();
        foreach (var file in rows.GroupBy(row => isSharded ? shards.GetProperty(row[0].GetString()!).GetString()! : "model.safetensors"))
        {
            var (header, data) = (new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}"), new MemoryStream());
            foreach (var row in file)
            {
                var begin = data.Length;
                WriteTensor(data, row, seed);
                header.Append(
                    $",{row[0].GetRawText()}:{{\"dtype\":{row[1].GetRawText()},\"shape\":{row[2].GetRawText()},\"data_offsets\":[{begin},{data.Length}]}}");
            }

            System.IO.File.WriteAllBytes(File(file.Key), SafetensorsBytes.Of(header.Append('}').ToString(), data.ToArray()));
        }
    }

    private static void WriteTensor(Stream stream, JsonElement row, ulong seed)
    {
        var (type, kind) = (row[1].GetString()!, row[3].GetString()!);
        if (kind == "list")
        {
            foreach (var value in row[4].EnumerateArray()) stream.Write(BitConverter.GetBytes(value.GetInt64()));
            return;
        }

        var weights = new RandomWeights(row[0].GetString()!, seed, kind, row[4].GetDouble(), row[5].GetDouble());
        var count = row[2].EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64());
        for (var i = 0L; i < count; i++)
            stream.Write(kind == "bits" ? BitConverter.GetBytes(weights.Bits(i)) : Bytes(weights[i], type));
    }

    private static byte[] Bytes(float value, string type) => type switch
    {
        "F32" => BitConverter.GetBytes(value),
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes(ToBrainFloat(value)),
        "F8_E4M3" => [ToE4M3(value)],
        "U8" => [(byte)value],
        "I32" => BitConverter.GetBytes((int)value),
        _ => throw new InvalidDataException($"unknown type in a recipe: {type}"),
    };

    private static ushort ToBrainFloat(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Sign, 4 bits of exponent with bias 7, 3 of fraction; to nearest even. For magnitudes below 448.</summary>
    private static byte ToE4M3(float value)
    {
        var magnitude = Math.Abs(value);
        var exponent = magnitude == 0 ? -6 : Math.Max(Math.ILogB(magnitude), -6);
        var eighths = (int)Math.Round(Math.ScaleB(magnitude, 3 - exponent), MidpointRounding.ToEven);
        return (byte)((value < 0 ? 128 : 0) | (((exponent + 6) << 3) + eighths));
    }
}
