using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Adapters;

/// <summary>A PEFT adapter and its base, converted.</summary>
internal sealed class Adapted : IDisposable
{
    private readonly CheckpointFolder _base;
    private readonly float[] _expected;

    public Adapted(string name)
    {
        Folder = new CheckpointFolder(name);
        var expected = Folder.ReadExpected();
        _base = new CheckpointFolder(expected.GetProperty("base").GetString()!);
        Tokens = [.. expected.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
        _expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder.Fixture, "logits.f32"))).ToArray();
        Model = _base.File("model.gguf");
        var run = Archgen.Run("convert", _base.Path, "--outtype", "f32", "--outfile", Model);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    public CheckpointFolder Folder { get; }

    /// <summary>The file of the base model.</summary>
    public string Model { get; }

    /// <summary>The prompt.</summary>
    public int[] Tokens { get; }

    public string Convert(string? model = null)
    {
        var file = Folder.File(model is null ? "adapter.gguf" : "adapter-of-file.gguf");
        var run = Archgen.Run("convert-lora", Folder.Path, "--base", model ?? _base.Path, "--outfile", file);
        Assert.True(run.ExitCode == 0, run.Error);
        return file;
    }

    public void Configure(Action<JsonNode> change)
    {
        var config = JsonNode.Parse(File.ReadAllText(Folder.File("adapter_config.json")))!;
        change(config);
        File.WriteAllText(Folder.File("adapter_config.json"), config.ToJsonString());
    }

    public float[] Logits(string[] options, string? model = null) => Archgen.Logits(Folder.Path, model ?? Model, Tokens, options);

    public double Error(string[] options, string? model = null) => ArchitectureFixture.NormalizedError(_expected, Logits(options, model));

    public void Dispose()
    {
        _base.Dispose();
        Folder.Dispose();
    }
}
