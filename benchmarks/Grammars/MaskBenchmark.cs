using ArchGen.Grammars;
using ArchGen.Tokenizers;
using BenchmarkDotNet.Attributes;

namespace ArchGen.Benchmarks.Grammars;

/// <summary>All masks of a text, with a grammar that is new or known. Divide by the number of tokens, which <c>times</c> prints.</summary>
[MemoryDiagnoser]
public class MaskBenchmark
{
    private Tokenizer _tokenizer = null!;
    private CompiledGrammar _known = null!;
    private int[] _tokens = null!;
    private uint[] _mask = null!;

    [ParamsSource(nameof(Vocabularies))]
    public string Vocabulary { get; set; } = "";

    [ParamsSource(nameof(Grammars))]
    public string Grammar { get; set; } = "";

    public static IEnumerable<string> Vocabularies => Samples.Vocabularies;

    public static IEnumerable<string> Grammars => Samples.All.Select(sample => sample.Name);

    [GlobalSetup]
    public void Setup()
    {
        var fixtures = Environment.GetEnvironmentVariable("ARCHGEN_FIXTURES")
            ?? throw new InvalidOperationException("Set ARCHGEN_FIXTURES to the folder of fixtures.");
        _tokenizer = Samples.Open(fixtures, Vocabulary);
        var (_, compile, text) = Samples.All.Single(sample => sample.Name == Grammar);
        _known = compile(_tokenizer);
        _tokens = _tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        _mask = new uint[(_tokenizer.Vocabulary.Count + 31) / 32];
    }

    [Benchmark]
    public void New() => Follow(Samples.All.Single(sample => sample.Name == Grammar).Compile(_tokenizer));

    [Benchmark]
    public void Known() => Follow(_known);

    private void Follow(CompiledGrammar grammar)
    {
        GrammarMatcher matcher = new(grammar, _tokenizer);
        foreach (var token in _tokens)
        {
            matcher.ComputeMask(_mask);
            matcher.TryAccept(token);
        }
    }
}
