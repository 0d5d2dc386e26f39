using System.Diagnostics;
using System.Globalization;
using ArchGen.Benchmarks.Grammars;
using ArchGen.Grammars;
using ArchGen.Tokenizers;
using BenchmarkDotNet.Running;

// How long masks take. FIXTURES is the folder of shared fixtures (ARCHGEN_FIXTURES for `masks`).
//   dotnet run -c Release --project benchmarks/Grammars -- times FIXTURES [GRAMMARS]
//   dotnet run -c Release --project benchmarks/Grammars -- masks [BenchmarkDotNet's options]
switch (args)
{
    case ["times", var fixtures, .. var grammars]:
        Times(fixtures, grammars);
        return 0;
    case ["masks", .. var options]:
        BenchmarkSwitcher.FromTypes([typeof(MaskBenchmark)]).Run(options is [] ? ["--filter", "*"] : options);
        return 0;
    default:
        Console.Error.WriteLine("times FIXTURES [GRAMMARS]; masks [OPTIONS]");
        return 1;
}

// One thread, each text token by token: with a new grammar each time, and with one that has seen the text before.
static void Times(string fixtures, string[] grammars)
{
    Console.WriteLine("| vocabulary | grammar | masks | compile µs | new: mean µs | p50 | p99 | largest | known: mean µs | p99 | tokens in a mask |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
    foreach (var name in Samples.Vocabularies)
    {
        var tokenizer = Samples.Open(fixtures, name);
        _ = new GrammarMatcher(CompiledGrammar.FromChoices(["a"]), tokenizer);
        List<double> all = [];
        foreach (var (title, compile, text) in Samples.All)
        {
            if (grammars is not [] && !grammars.Contains(title)) continue;
            var tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
            List<double> cold = [], warm = [], compiled = [], counts = [];
            for (var round = 0; round < 12; round++)
            {
                var start = Stopwatch.GetTimestamp();
                var grammar = compile(tokenizer);
                if (round > 1) compiled.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                Follow(grammar, tokenizer, tokens, title, round > 1 ? cold : [], counts);
                Follow(grammar, tokenizer, tokens, title, round > 1 ? warm : [], []);
            }

            all.AddRange(cold);
            Row(name, title, tokens.Length + 1, compiled.Average(), cold, warm, counts.Average());
        }

        Row(name, "all", all.Count, 0, all, [0], 0);
    }
}

static void Follow(CompiledGrammar grammar, Tokenizer tokenizer, int[] tokens, string title, List<double> times, List<double> counts)
{
    GrammarMatcher matcher = new(grammar, tokenizer);
    var mask = new uint[(tokenizer.Vocabulary.Count + 31) / 32];
    for (var i = 0; ; i++)
    {
        var start = Stopwatch.GetTimestamp();
        matcher.ComputeMask(mask);
        times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        counts.Add(mask.Sum(word => (double)uint.PopCount(word)));
        if (i == tokens.Length) break;
        if (!matcher.TryAccept(tokens[i]))
            throw new InvalidOperationException($"{title}: '{tokenizer.Decode(tokens.AsSpan(i, 1), special: true)}' (token {i}) is refused.");
    }
}

static void Row(string vocabulary, string grammar, int masks, double compile, List<double> cold, List<double> warm, double tokens)
{
    cold.Sort();
    warm.Sort();
    double[] columns = [compile, cold.Average(), At(cold, 0.5), At(cold, 0.99), cold[^1], warm.Average(), At(warm, 0.99), tokens];
    Console.WriteLine($"| {vocabulary} | {grammar} | {masks} | {string.Join(" | ", columns.Select(x => x.ToString("0.0", CultureInfo.InvariantCulture)))} |");
}

static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
