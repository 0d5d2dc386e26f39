using System.Text;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>One loaded model serves several contexts at once. What depends on a run is the context's, not the model's: here the factors of long RoPE.</summary>
public sealed class SharedModelTests : IDisposable
{
    // The trained length is below one of them: it takes the long factors, the other the short ones.
    private const int Original = 32, Short = 24, Long = 64;

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _tokens;
    private readonly LoadedModel _model;

    public SharedModelTests()
    {
        var path = SharedFixtures.Local("architectures/phi3.json");
        const string Key = "[\"phi3.vocab_size\"";
        var json = File.ReadAllText(path)
            .Replace(Key, $"[\"phi3.rope.scaling.original_context_length\", \"u32\", {Original}], {Key}", StringComparison.Ordinal);
        var recipe = ModelRecipe.Parse("phi3", path, Encoding.UTF8.GetBytes(json), null);
        recipe.Save(_folder.File("phi3.gguf"));
        _tokens = [.. recipe.Tokens];
        _model = LoadedModel.Open(_folder.File("phi3.gguf"), Catalog.All);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Contexts_of_different_lengths_opened_at_once_give_what_each_gives_alone()
    {
        var (alone, aloneLong) = (Logits(Short), Logits(Long));
        Assert.True(ArchitectureFixture.NormalizedError(alone, aloneLong) > 1e-3);
        Assert.True(ArchitectureFixture.NormalizedError(Eager(Short), alone) < 1e-10);
        Assert.True(ArchitectureFixture.NormalizedError(Eager(Long), aloneLong) < 1e-10);

        using var both = new Barrier(2);
        var (first, second) = (new float[8][], new float[8][]);
        Parallel.Invoke(
            () => Run(Short, first),
            () => Run(Long, second));
        Assert.All(first, logits => Assert.Equal(alone, logits));
        Assert.All(second, logits => Assert.Equal(aloneLong, logits));

        void Run(int length, float[][] results)
        {
            for (var i = 0; i < results.Length; i++) results[i] = Logits(length, both.SignalAndWait);
        }
    }

    [Fact]
    public void A_sequence_may_be_shorter_than_the_context() => Assert.Equal(Logits(Short), Logits(Long, sequence: Short));

    [Fact]
    public void Unless_given_the_length_is_that_of_the_text_as_it_is_written_and_the_trained_one_of_a_graph()
    {
        Assert.Equal(Eager(_tokens.Length), _model.Model.Evaluate(_model.Source, _tokens).Values);
        Assert.Contains(_model.Graph.Nodes, n => n.Name == "rope_factors_long.weight");
    }

    [Theory]
    [InlineData(Short)]
    [InlineData(Long)]
    public void Logits_are_those_of_the_context_asked_for(int length)
    {
        string[] options = ["--ctx-size", $"{length}"];
        Assert.Equal(Logits(length), Archgen.Logits(_folder.Path, _folder.File("phi3.gguf"), _tokens, options));
        Assert.Equal(Eager(length), Archgen.Logits(_folder.Path, _folder.File("phi3.gguf"), _tokens, ["--eager", .. options]));
    }

    private float[] Eager(int length) => _model.Model.Evaluate(_model.Source, _tokens, sequenceLength: length).Values;

    private float[] Logits(int length, Action? meet = null, int? sequence = null)
    {
        var options =
            new ContextOptions { ContextLength = length, SequenceLength = sequence ?? length, Backend = CpuBackend.Exact(), CacheType = CacheType.F32 };
        meet?.Invoke();
        using var context = _model.CreateContext(options);
        var batch = new Batch();
        for (var i = 0; i < _tokens.Length; i++) batch.Add(_tokens[i], i, sequence: 0, wantOutput: true);
        meet?.Invoke();
        context.Evaluate(batch);
        return [.. Enumerable.Range(0, _tokens.Length).SelectMany(i => context.Output(i).ToArray())];
    }
}
