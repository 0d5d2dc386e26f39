using System.Globalization;
using ArchGen.Fixtures;
using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>
/// The tokens that llama.cpp's samplers choose of 5,000 by computed logits (many.cpp beside the file): every step in many places of the chain, with lists long
/// and short, sorted and not.
/// </summary>
public sealed class ReferenceDrawTests
{
    private const int Vocabulary = 5000;

    private static readonly string[] Lines = File.ReadAllLines(SharedFixtures.Local("sampling/many.txt"));

    private static readonly float[][] Logits =
        [.. Enumerable.Range(0, 7).Select(step => Enumerable.Range(0, Vocabulary).Select(token => Logit(step, token)).ToArray())];

    public static TheoryData<string, string> Cases => [.. Lines.Chunk(2).Select(pair => (pair[0], pair[1]))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_choices_are_those_of_llama_cpp(string options, string expected) => Assert.Equal(expected, string.Join(' ', Choices(options)));

    [Fact]
    public void A_seed_is_not_another() => Assert.NotEqual(Choices("edskypmxt seed=1"), Choices("edskypmxt seed=2"));

    private static List<int> Choices(string options)
    {
        Sampler sampler = new(Read(options), Vocabulary);
        List<int> tokens = [];
        for (var step = 0; step < 40; step++)
        {
            tokens.Add(sampler.Sample(Logits[step % 7]));
            sampler.Accept(tokens[^1]);
        }

        return tokens;
    }

    private static SamplerOptions Read(string options)
    {
        var words = options.Split(' ');
        var values = words.Skip(1).Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => float.Parse(pair[1], CultureInfo.InvariantCulture));
        float Value(string name, float usual) => values.GetValueOrDefault(name, usual);
        SamplerOptions usual = new();
        var last = (int)Value("last", 64);
        return new()
        {
            Chain = SamplerChain.ParseLetters(words[0].Trim('-')),
            Temperature = Value("temp", usual.Temperature),
            TemperatureRange = Value("range", usual.TemperatureRange),
            TemperatureExponent = Value("exponent", usual.TemperatureExponent),
            TopK = (int)Value("top_k", usual.TopK),
            TopP = Value("top_p", usual.TopP),
            MinP = Value("min_p", usual.MinP),
            TypicalP = Value("typ_p", usual.TypicalP),
            TopNSigma = Value("sigma", usual.TopNSigma),
            XtcProbability = Value("xtc", usual.XtcProbability),
            XtcThreshold = Value("threshold", usual.XtcThreshold),
            MinKeep = (int)Value("keep", usual.MinKeep),
            RepetitionPenalty = Value("repeat", usual.RepetitionPenalty),
            FrequencyPenalty = Value("frequency", usual.FrequencyPenalty),
            PresencePenalty = Value("presence", usual.PresencePenalty),
            RepetitionWindow = last,
            DryMultiplier = Value("dry", usual.DryMultiplier),
            DryBase = Value("base", usual.DryBase),
            DryAllowedLength = (int)Value("length", usual.DryAllowedLength),
            DryWindow = last,
            DryBreakers = [],
            Mirostat = (int)Value("mirostat", usual.Mirostat),
            MirostatTau = Value("tau", usual.MirostatTau),
            MirostatEta = Value("eta", usual.MirostatEta),
            AdaptiveTarget = Value("target", usual.AdaptiveTarget),
            AdaptiveDecay = Value("decay", usual.AdaptiveDecay),
            Seed = (uint)Value("seed", 1),
        };
    }

    // As in many.cpp.
    private static float Logit(int step, int token)
    {
        var z = (ulong)(step * Vocabulary + token + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        var u = ((z ^ (z >> 31)) >> 40) / 16777216f;
        return 16 * u * u * u;
    }
}
