using ArchGen.Architectures;
using ArchGen.Eager;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Loading;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>A reference recipe written as a file, and its architecture loaded from it.</summary>
internal sealed class RecipeModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RecipeModel(string recipe)
    {
        Fixture = ArchitectureFixture.Load(recipe);
        File = GgufFile.Open(Fixture.WriteGguf(_folder.Path));
        Model = Catalog.All.Single(a => a.Name == Fixture.Architecture).Create();
        ModelLoader.Load(Model, new GgufModelSource(File));
    }

    public ArchitectureFixture Fixture { get; }

    public GgufFile File { get; }

    public Model Model { get; }

    /// <summary>An interpreter of its graphs that computes GELU as the reference does.</summary>
    public GraphInterpreter Interpreter => new(File) { Gelu = Fixture.Gelu };

    /// <summary>The distance (NMSE) of the interpreted graph's result from the reference.</summary>
    public double Error(GraphInterpreter interpreter)
    {
        var encoded = Model is EncoderDecoderModel encoder ? interpreter.Run(encoder.BuildGraph(EncoderDecoderModel.EncoderGraph), Fixture.Tokens) : null;
        return ArchitectureFixture.NormalizedError(Fixture.Expected, interpreter.Run(Model.BuildGraph(), Fixture.Tokens, encoded).Values);
    }

    /// <summary>Its graphs.</summary>
    public IEnumerable<Graph> Graphs => Model.BuildPasses();

    public void Dispose()
    {
        File.Dispose();
        _folder.Dispose();
    }
}
