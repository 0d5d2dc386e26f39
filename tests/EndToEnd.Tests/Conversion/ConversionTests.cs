using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Quantization;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Each checkpoint's conversion against llama.cpp's converter, and what it computes against the author's model.</summary>
public sealed class ConversionTests
{
    // They derive from the directory's name and the parameter count.
    private static readonly string[] NotCompared =
        ["general.name", "general.basename", "general.finetune", "general.version", "general.size_label", "general.tags"];

    public static TheoryData<string> All =>
        [.. Directory.GetDirectories(SharedFixtures.Local("conversion")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
            .Where(n => !n.StartsWith("lora-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(All))]
    public void Keys_are_those_of_the_reference(string name)
    {
        using var fixture = new CheckpointFolder(name);
        var expected = fixture.ReadExpected();
        // The reference converter does not know the class: there are only its logits.
        if (expected.GetProperty("converter").ValueKind == JsonValueKind.Null) return;
        using var checkpoint = Checkpoint.Open(fixture.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
        var wanted = expected.GetProperty("metadata").EnumerateArray().Where(row => IsCompared(row[0].GetString()!))
            .ToDictionary(row => row[0].GetString()!, row => $"{row[1].GetString()} {Canonical(row[2])}", StringComparer.Ordinal);
        var found = plan.Metadata.Where(m => IsCompared(m.Key)).ToDictionary(m => m.Key, m => Describe(m.Value), StringComparer.Ordinal);
        var problems = wanted.Where(e => found.GetValueOrDefault(e.Key) != e.Value && !(e.Key == "tokenizer.ggml.pre" && IsWordPiece(e.Value)))
            .Select(e => $"{e.Key}: expected {e.Value}, found {found.GetValueOrDefault(e.Key)}")
            .Concat(found.Keys.Where(k => !wanted.ContainsKey(k) && !plan.Log.Any(l => l.StartsWith(k + " ", StringComparison.Ordinal)))
                .Select(k => $"{k}: not expected, found {found[k]}"));
        Assert.True(!problems.Any(), $"{name}:\n{string.Join('\n', problems)}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tensors_are_those_of_the_reference(string name)
    {
        using var fixture = new CheckpointFolder(name);
        var expected = fixture.ReadExpected();
        if (expected.GetProperty("converter").ValueKind == JsonValueKind.Null) return;
        using var checkpoint = Checkpoint.Open(fixture.Path);
        foreach (var type in expected.GetProperty("tensors").EnumerateObject())
        {
            TensorTypes.TryParse(type.Name, out var outtype);
            var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = outtype });
            var found = plan.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
            var problems = new List<string>();
            foreach (var row in type.Value.EnumerateArray())
            {
                var tensorName = row[0].GetString()!;
                if (!found.Remove(tensorName, out var tensor))
                {
                    problems.Add($"{tensorName} is missing");
                    continue;
                }

                var shape = $"{row[1].GetString()} [{string.Join(", ", row[2].EnumerateArray().Select(d => d.GetInt64()))}]";
                var actual = $"{tensor.Type.Name.ToUpperInvariant()} [{string.Join(", ", tensor.Dims.Reverse())}]";
                if (shape != actual) problems.Add($"{tensorName}: expected {shape}, found {actual}");
                else if (!IsSame(tensor, row[3].GetString()!, expected)) problems.Add($"{tensorName}: other bytes ({string.Join(", ", tensor.Weights.Steps)})");
            }

            problems.AddRange(found.Keys.Select(n => $"{n} is not expected"));
            Assert.True(problems.Count == 0, $"{name} {type.Name}:\n{string.Join('\n', problems)}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Logits_are_the_authors(string name)
    {
        using var fixture = new CheckpointFolder(name);
        var expected = fixture.ReadExpected();
        using var checkpoint = Checkpoint.Open(fixture.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
        var tokens = Ids(expected, "tokens")!;
        float[]? hidden = null;
        var output = plan.Model is EncoderDecoderModel translator
            ? translator.Evaluate(plan.Source, tokens, Ids(expected, "decoder_tokens")!)
            : plan.Model.Evaluate(
                plan.Source, tokens, (node, _, values) => hidden = node == "output_norm" ? values.Values : hidden, sequenceLength: Length(expected));
        var rows = expected.GetProperty("output").GetString() == "last_hidden_state" ? hidden ?? output.Values : output.Values;
        var error = ArchitectureFixture.NormalizedError(Logits(fixture), rows);
        // Where the reference is llama.cpp, its table of GELU is in it.
        var bar = expected.TryGetProperty("logits_from", out _) ? 1e-7 : 1e-9;
        Assert.True(error <= bar, $"{name}: NMSE {error:E2}");
    }

    /// <summary>The context of the reference, where it decides: llama.cpp chooses long RoPE's factors by it.</summary>
    private static int? Length(JsonElement expected) => expected.TryGetProperty("context", out var context) ? context.GetInt32() : null;

    /// <summary>The reference was told one of the names that stand for BERT's pre-tokenizer.</summary>
    private static bool IsWordPiece(string pre) => pre == "str bert-bge";

    private static bool IsCompared(string key) =>
        !NotCompared.Contains(key, StringComparer.Ordinal) && !key.StartsWith("general.base_model.", StringComparison.Ordinal);

    /// <summary>By its hash; where the last bit depends on the mathematics library, by its numbers.</summary>
    private static bool IsSame(ConvertedTensor tensor, string hash, JsonElement expected)
    {
        var values = new float[tensor.Weights.ElementCount];
        var bytes = new byte[tensor.Type.ByteLength(values.Length)];
        if (tensor.Weights.Storage?.Name == tensor.Type.Name)
        {
            tensor.Weights.ReadStored(0, bytes);
        }
        else
        {
            tensor.Weights.Read(0, values);
            TensorFormats.Of(tensor.Type).Encoder!.Encode(values, bytes);
        }

        if (expected.TryGetProperty("computed", out var computed) && computed.TryGetProperty(tensor.Name, out var numbers))
        {
            if (numbers.TryGetProperty("values", out var list))
            {
                return list.EnumerateArray().Select(v => v.GetDouble()).Zip(values, (a, b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(a)).All(same => same);
            }

            return Math.Abs(numbers.GetProperty("l2").GetDouble() - Math.Sqrt(values.Sum(v => (double)v * v))) <= 1e-6 * numbers.GetProperty("l2").GetDouble();
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16] == hash;
    }

    private static float[] Logits(CheckpointFolder fixture) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(fixture.Fixture, "logits.f32"))).ToArray();

    private static int[]? Ids(JsonElement expected, string key) =>
        expected.TryGetProperty(key, out var list) ? [.. list.EnumerateArray().Select(t => t.GetInt32())] : null;

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{value.GetProperty("len").GetInt32()} {value.GetProperty("sha256").GetString()}",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.Number when value.GetDouble() is var whole && whole == Math.Floor(whole) && Math.Abs(whole) < 1e15 =>
            ((long)whole).ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.Number => ((float)value.GetDouble()).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Describe(GgufValue value)
    {
        if (!value.IsArray) return $"{Word(value.Type)} {Scalar(value)}";
        var elements = value.AsArray();
        var type = $"array:{Word(value.ElementType)}";
        if (elements.Length <= 64) return $"{type} [{string.Join(", ", elements.Select(Scalar))}]";
        var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload);
        foreach (var element in elements)
        {
            switch (element.Type)
            {
                case GgufValueType.String:
                    var text = Encoding.UTF8.GetBytes(element.AsString());
                    writer.Write((ulong)text.Length);
                    writer.Write(text);
                    break;
                case GgufValueType.Float32: writer.Write(element.AsSingle()); break;
                case GgufValueType.UInt8: writer.Write((byte)element.AsInt32()); break;
                default: writer.Write(element.AsInt32()); break;
            }
        }

        writer.Flush();
        return $"{type} {elements.Length} {Convert.ToHexStringLower(SHA256.HashData(payload.ToArray()))}";
    }

    private static string Scalar(GgufValue value) => value.Type switch
    {
        GgufValueType.String => value.AsString(),
        GgufValueType.Bool => value.AsBool().ToString(),
        GgufValueType.Float32 =>
            value.AsSingle() is var number && number == Math.Floor(number) && Math.Abs(number) < 1e15
                ? ((long)number).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : value.AsSingle().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.AsInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Word(GgufValueType type) => type switch
    {
        GgufValueType.UInt32 => "u32",
        GgufValueType.Int32 => "i32",
        GgufValueType.Float32 => "f32",
        GgufValueType.Bool => "bool",
        GgufValueType.String => "str",
        GgufValueType.UInt8 => "u8",
        GgufValueType.UInt64 => "u64",
        _ => type.ToString(),
    };
}
