using System.Globalization;

namespace ArchGen.Tools.Scaffolding;

/// <summary>A shape over hyper-parameters.</summary>
/// <param name="Text">The dimensions, slowest first, in the checkpoint's order.</param>
/// <param name="Known">The tensor of the catalog that it was taken from, or null.</param>
/// <param name="IsGuess">Whether it is a sum, or a plain number, that fits the sizes and that nobody has stated.</param>
/// <param name="IsTransposed">Whether the catalog's tensor has the dimensions the other way round.</param>
internal sealed record SolvedShape(string Text, TensorName? Known, bool IsGuess, bool IsTransposed);

/// <summary>Finds, for each tensor, a shape over hyper-parameters that holds in all layers.</summary>
internal sealed class ShapeSolver(ShapeSymbols symbols, KnownTensors known)
{
    // Parameters of a recurrence of which each head has one.
    private static readonly string[] OfEachHead = ["A_log", "D", "dt_bias"];

    // The last matrices of a branch.
    private static readonly string[] Writing = ["down_proj", "o_proj", "out_proj", "c_proj", "w2", "dense", "dense_4h_to_h", "wo"];

    private readonly List<string> _expressions = [.. Expressions(symbols)];
    private readonly List<string> _sums = [.. Sums(symbols)];

    /// <summary>The shape of a tensor.</summary>
    /// <param name="pattern">The tensor in all layers.</param>
    /// <param name="architecture">The name of the architecture whose shapes are tried first.</param>
    public SolvedShape Solve(TensorPattern pattern, string architecture)
    {
        if (pattern.Rank == 0) return new("1", null, IsGuess: false, IsTransposed: false);
        foreach (var tensor in known.Of(pattern, architecture))
        {
            if (Holds(pattern, tensor.Shape)) return new(tensor.Shape, tensor, IsGuess: false, IsTransposed: false);
            var turned = string.Join(", ", tensor.Shape.Split(", ").Reverse());
            if (pattern.Rank == 2 && Holds(pattern, turned)) return new(turned, tensor, IsGuess: false, IsTransposed: true);
        }

        // Its name, at least: that of the shared experts, say, whose width every config.json states in another way.
        var named = known.Of(pattern, architecture).FirstOrDefault(t => DimParser.ParseShape(t.Shape).Rank == pattern.Rank);

        var isGuess = false;
        var dimensions = Enumerable.Range(0, pattern.Rank).Select(d => Dimension(pattern, d, ref isGuess)).ToList();
        return new(string.Join(", ", dimensions), named, isGuess, IsTransposed: false);
    }

    /// <summary>Whether a shape has the sizes of a tensor in every layer.</summary>
    public bool Holds(TensorPattern pattern, string shape)
    {
        var dimensions = DimParser.ParseShape(shape);
        if (pattern.Rank == 0) return dimensions.Elements.IsConstant(out var one) && one == 1;
        if (dimensions.Rank != pattern.Rank || dimensions.Any(d => d.Symbols.Any(s => symbols.Find(s) is null))) return false;
        return pattern.Shapes.All(layer => dimensions.Zip(layer.Value).All(pair => Value(pair.First, layer.Key) == pair.Second));
    }

    private long? Value(Dim dimension, int layer)
    {
        try
        {
            return dimension.Evaluate(name => symbols.Find(name)?.At(layer) ?? -1);
        }
        catch (DivideByZeroException)
        {
            return null;
        }
    }

    private string Dimension(TensorPattern pattern, int at, ref bool isGuess)
    {
        var sizes = pattern.Shapes.Select(layer => (Layer: layer.Key, Size: layer.Value[at])).ToList();
        if (sizes.TrueForAll(s => s.Size == 1)) return "1";
        foreach (var text in Ordered(pattern, at).Append(null).Concat(_sums))
        {
            if (text is null) isGuess = true;
            else if (DimParser.ParseDim(text) is var dimension && sizes.TrueForAll(s => Value(dimension, s.Layer) == s.Size)) return text;
        }

        return sizes[0].Size.ToString(CultureInfo.InvariantCulture);
    }

    // A tensor of an expert, and one of a head, is more likely to have sizes of those.
    private IEnumerable<string> Ordered(TensorPattern pattern, int at)
    {
        if (pattern.Rank == 3 && at == 2 && pattern.Name.Contains("conv", StringComparison.Ordinal)) return Named("conv", "kernel");
        if (pattern.Rank == 1 && Array.Exists(OfEachHead, name => pattern.Local.EndsWith(name, StringComparison.Ordinal))) return Named("heads");
        var isExpert = pattern.Name.Contains("expert", StringComparison.OrdinalIgnoreCase) || pattern.Name.Contains("router", StringComparison.Ordinal);
        // A matrix reads the residual stream, or writes to it.
        var isWriting = Array.Exists(Writing, word => pattern.Module.EndsWith(word, StringComparison.Ordinal));
        var isStream = pattern.Rank < 2 || at == (isWriting ? pattern.Rank - 2 : pattern.Rank - 1);
        return _expressions.OrderBy(e => e == "Embd" ? (isStream ? 0 : 2) : isExpert && e.Contains("Expert", StringComparison.Ordinal) ? 0 : 1);

        IEnumerable<string> Named(params string[] words) => _expressions.OrderBy(e =>
            symbols.Find(e) is { IsUsual: false } && Array.Exists(words, word => e.Contains(word, StringComparison.OrdinalIgnoreCase)) ? 0 : 1);
    }

    private static IEnumerable<string> Expressions(ShapeSymbols symbols)
    {
        string[] usual = ["Embd", "Heads*HeadDim", "KvHeads*HeadDim", "Ff", "ExpertFf", "HeadDim", "Vocab", "ExpertCount", "Heads", "KvHeads"];
        string[] more =
        [
            "2*Ff", "2*ExpertFf", "(Heads + 2*KvHeads)*HeadDim", "2*Heads*HeadDim", "3*Embd", "2*Embd", "4*Embd", "HeadDim/2", "Embd/2", "ContextLength",
            "BlockCount",
        ];
        var own = symbols.All.Where(s => !s.IsUsual && s.Key is not null).Select(s => s.Name).ToList();
        var products = own.SelectMany((a, i) => own.Skip(i + 1).Append("Heads").Append("KvHeads").Append("Embd").Append("Ff").Append("ExpertFf")
            .Select(b => $"{a}*{b}"));
        var sumsOfTwo = own.SelectMany((a, i) => own.Skip(i + 1).Select(b => $"{a} + {b}")).ToList();
        var perHead = sumsOfTwo.SelectMany(sum => new[] { $"Heads*({sum})", $"KvHeads*({sum})" });
        return usual.Concat(own).Concat(more).Concat(own.Select(a => $"2*{a}")).Concat(products).Concat(sumsOfTwo).Concat(perHead).Where(Exists);

        bool Exists(string text) => DimParser.ParseDim(text).Symbols.All(s => symbols.Find(s) is not null);
    }

    // Projections that several inputs of a mixer are made with, such as Mamba's: gate, channels, groups of states, heads.
    private static IEnumerable<string> Sums(ShapeSymbols symbols)
    {
        var own = symbols.All.Where(s => !s.IsUsual && s.Key is not null && s.Values is [> 1]).Select(s => s.Name).Prepend("Embd").ToList();
        var terms = own.Concat(own.Select(a => $"2*{a}")).Concat(own.SelectMany((a, i) => own.Skip(i + 1).SelectMany(b => new[] { $"{a}*{b}", $"2*{a}*{b}" })))
            .Take(120).ToList();
        foreach (var (i, a) in terms.Index())
        {
            foreach (var b in terms.Skip(i + 1)) yield return $"{a} + {b}";
        }

        foreach (var (i, a) in terms.Take(60).Index())
        {
            foreach (var b in terms.Skip(i + 1).Take(60))
            {
                foreach (var c in own) yield return $"{a} + {b} + {c}";
            }
        }
    }
}
