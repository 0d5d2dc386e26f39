using ArchGen.Runtime.Execution;
using ArchGen.Testing.Comparison;
using ArchGen.Tools.Comparison;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing;

/// <summary>
/// Checks that a model's graph, as it is run, computes what its <c>Forward</c> method does as it is written, node by node. Where they part, ArchGen is wrong
/// or the body of <c>Forward</c> depends on something that a graph cannot see.
/// </summary>
public static class ForwardCheck
{
    /// <summary>The largest normalised mean squared error (NMSE) that counts as agreement.</summary>
    public const double Bound = 1e-8;

    /// <summary>Checks a small random model of the architecture.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <exception cref="CheckFailedException">They part; the message names the first node.</exception>
    /// <exception cref="ArchGenException">A hyper-parameter cannot be invented, or the invented ones do not fit; the message names them.</exception>
    public static void Verify<TModel>()
        where TModel : Model, IArchitecture => Verify<TModel>(new RandomRecipeOptions());

    /// <summary>Checks a random model of the architecture.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="options">The options of the model.</param>
    /// <exception cref="CheckFailedException">They part; the message names the first node.</exception>
    /// <exception cref="ArchGenException">A hyper-parameter cannot be invented, or the invented ones do not fit; the message names them.</exception>
    public static void Verify<TModel>(RandomRecipeOptions options)
        where TModel : Model, IArchitecture
    {
        using var model = TestedModel.Random<TModel>(options);
        Verify(model, model.Recipe!.Tokens);
    }

    /// <summary>Checks a model, in one batch, in two and token by token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt: token ids.</param>
    /// <exception cref="CheckFailedException">They part; the message names the first node.</exception>
    public static void Verify(TestedModel model, IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        Verify(model, ModelGraphs.Of(model.Loaded, tokens.Count), tokens);
    }

    internal static void Verify(TestedModel model, ModelGraphs graphs, IReadOnlyList<int> tokens)
    {
        var written = Trace.RunEager(model.Loaded, graphs, tokens);
        foreach (var (words, mode) in Batches.Of(graphs, tokens.Count))
        {
            var report = TraceComparison.Compare(Trace.Run(graphs, tokens, mode, words), written, Bound);
            if (report.DescribeFirst() is { } first) throw new CheckFailedException("The graph is not what Forward computes.\n" + first);
        }
    }
}
