using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;

namespace ArchGen.Gguf.Tests.Checkpoints;

public sealed class CheckpointTests
{
    /// <summary>Norms and matrices that the converter copies: GGUF name and the checkpoint's.</summary>
    private static readonly (string Gguf, string HuggingFace)[] Copied =
    [
        ("token_embd", "model.embed_tokens"), ("output_norm", "model.norm"), ("output", "lm_head"), ("blk.0.attn_norm", "model.layers.0.input_layernorm"),
        ("blk.1.ffn_norm", "model.layers.1.post_attention_layernorm"), ("blk.0.ffn_down", "model.layers.0.mlp.down_proj"),
        ("blk.1.ffn_gate", "model.layers.1.mlp.gate_proj"), ("blk.0.ffn_up", "model.layers.0.mlp.up_proj"),
        ("blk.1.attn_v", "model.layers.1.self_attn.v_proj"), ("blk.0.attn_output", "model.layers.0.self_attn.o_proj"),
    ];

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("llama-sharded")]
    public void Tensors_are_those_the_reference_reads(string name)
    {
        using var folder = new CheckpointFolder(name);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var hashes = folder.ReadExpected().GetProperty("tensors").GetProperty("f32").EnumerateArray()
            .ToDictionary(row => row[0].GetString()!, row => row[3].GetString()!);
        foreach (var (gguf, huggingFace) in Copied)
        {
            Assert.True(checkpoint.TryGetTensor(huggingFace + ".weight", out var tensor), huggingFace);
            Assert.Equal(hashes[gguf + ".weight"], Hash(tensor));
        }

        Assert.False(checkpoint.IsMeta);
        Assert.Equal("LlamaForCausalLM", checkpoint.Config.GetProperty("architectures")[0].GetString());
    }

    [Fact]
    public void A_read_past_the_end_is_refused()
    {
        using var folder = new CheckpointFolder("llama-mha");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.True(checkpoint.TryGetTensor("model.norm.weight", out var norm));
        Assert.Contains("64 elements", Assert.Throws<ModelFileException>(() => norm.Read(1, new float[64])).Message);
        Assert.Throws<ModelFileException>(() => norm.Read(-1, new float[1]));
        Assert.Throws<ModelFileException>(() => norm.Read(long.MaxValue, new float[1]));
    }

    [Fact]
    public void What_differs_from_the_index_is_told_at_once()
    {
        using var folder = new CheckpointFolder("llama-sharded");
        File.Delete(folder.File("model-00001-of-00003.safetensors"));
        var index = File.ReadAllText(folder.File("model.safetensors.index.json"));
        File.WriteAllText(folder.File("model.safetensors.index.json"),
            index.Replace("\"model.embed_tokens.weight\"", "\"model.embed.weight\"", StringComparison.Ordinal));
        var message = Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message;
        Assert.Contains("1 file not there: \"model-00001-of-00003.safetensors\"", message);
        Assert.Contains("1 tensor not in the file it names: \"model.embed.weight in model-00002", message);
        Assert.Contains("1 tensor in no index: \"model.embed_tokens.weight in model-00002", message);
    }

    [Theory]
    [InlineData("quantized-fp8", "model.layers.0.mlp.down_proj.weight", 2)]
    [InlineData("quantized-ct-fp8", "model.layers.0.mlp.down_proj.weight", 2)]
    [InlineData("quantized-ct-int4", "model.layers.0.mlp.down_proj.weight", 3)]
    [InlineData("quantized-gptq", "model.layers.0.mlp.down_proj.weight", 4)]
    [InlineData("gpt-oss", "model.layers.0.mlp.experts.down_proj", 2)]
    public void Quantized_weights_are_one_tensor_with_their_scales(string name, string tensor, int sources)
    {
        using var folder = new CheckpointFolder(name);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.True(checkpoint.TryGetTensor(tensor, out var whole));
        Assert.Equal(sources, whole.Sources.Count);
        var all = new float[whole.ElementCount];
        whole.Read(0, all);
        var part = new float[77];
        whole.Read(19, part);
        Assert.Equal(all.AsSpan(19, 77).ToArray(), part);
        Assert.Contains(all, x => x != 0);
        Assert.All(all, x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void An_unknown_quantization_is_refused()
    {
        using var folder = new CheckpointFolder("quantized-gptq");
        var config = File.ReadAllText(folder.File("config.json"));
        File.WriteAllText(folder.File("config.json"), config.Replace("\"quant_method\": \"gptq\"", "\"quant_method\": \"awq\"", StringComparison.Ordinal));
        Assert.Contains("quantized by the method \"awq\"", Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Fact]
    public void An_index_cannot_name_files_elsewhere()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), "{}");
        File.WriteAllText(folder.File("model.safetensors.index.json"), """{"weight_map":{"a":"../a.safetensors"}}""");
        Assert.Contains("in the same folder", Assert.Throws<ModelFileException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Fact]
    public void Halves_are_read_exactly()
    {
        using var folder = new TemporaryFolder();
        var bits = Enumerable.Range(0, 65536).Select(b => (ushort)b).ToArray();
        var data = MemoryMarshal.AsBytes(bits.AsSpan()).ToArray();
        const string Header = """{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}"""
            + ""","c":{"dtype":"C64","shape":[0],"data_offsets":[131072,131072]},"f":{"dtype":"F4","shape":[4],"data_offsets":[131072,131074]}}""";
        File.WriteAllText(folder.File("config.json"), "{}");
        File.WriteAllBytes(folder.File("model.safetensors"), SafetensorsBytes.Of(Header, [.. data, 0, 0]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.True(checkpoint.TryGetTensor("h", out var tensor));
        var values = new float[65536];
        tensor.Read(0, values);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf(bits[i]);
            var isSame = BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(values[i]);
            Assert.True(float.IsNaN(expected) ? float.IsNaN(values[i]) : isSame, $"{i:X4}");
        }

        Assert.True(checkpoint.TryGetTensor("f", out var opaque));
        Assert.Contains("not read as numbers", Assert.Throws<ModelFileException>(() => opaque.Read(0, new float[4])).Message);
    }

    internal static string Hash(CheckpointTensor tensor)
    {
        // In two pieces of odd length, as a converter may read.
        var values = new float[tensor.ElementCount];
        var middle = values.Length / 3;
        tensor.Read(0, values.AsSpan(0, middle));
        tensor.Read(middle, values.AsSpan(middle));
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16];
    }
}
