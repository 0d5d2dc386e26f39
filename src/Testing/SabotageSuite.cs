using System.Globalization;
using ArchGen.Cpu.Execution;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.Testing;

/// <summary>
/// Every way to get an architecture wrong, generated from its graph: RoPE of another kind, a norm dropped, gate and up swapped, another scale or window. The
/// numeric check must catch each. Without recorded results the check is held to the forward pass as it is written. Safe to use from several threads once all
/// is stated.
/// </summary>
/// <example><code>
/// private static readonly SabotageSuite Suite = SabotageSuite.Of&lt;MyModel&gt;();
/// public static IEnumerable&lt;object[]&gt; Mistakes => Suite.Data;
///
/// [Theory, MemberData(nameof(Mistakes))]                // xUnit.net; [TestCaseSource(nameof(Mistakes))] of NUnit, [DynamicData(nameof(Mistakes))] of MSTest
/// public void A_mistake_is_caught(string mistake) => Suite.Verify(mistake);
/// </code></example>
public sealed class SabotageSuite
{
    private const string Unmade = "the model";

    private readonly Lazy<TestedModel> _model;
    private readonly Lazy<IReadOnlyList<string>> _mistakes;
    private readonly Lazy<SabotageCheck> _check;
    private readonly Lazy<Dictionary<string, Mutation>> _mutations;
    private readonly Dictionary<string, string> _survivors = new(StringComparer.Ordinal);

    private SabotageSuite(Func<TestedModel> model, IReadOnlyList<int>? tokens, RecordedResults? recorded)
    {
        _model = new(model);
        // The names are asked for before any test runs, and need no run of the model.
        _mistakes = new(() => [.. ByName(Graphs().SelectMany(graph => Mutation.InAllBlocks(Mutation.Of(graph)))).Keys]);
        _check = new(() => new SabotageCheck(_model.Value.Loaded, Prompt(), recorded ?? _model.Value.Recipe?.Recorded, CpuBackend.Exact()));
        _mutations = new(() => ByName(_check.Value.Mutations));

        IEnumerable<Graph> Graphs() => ModelGraphs.Of(_model.Value.Loaded, Prompt().Count).All;

        IReadOnlyList<int> Prompt() => tokens ?? _model.Value.Recipe?.Tokens
            ?? throw new RequestException("A model file has no prompt. Give the token ids of one that is longer than the model's window.");
    }

    /// <summary>The mistakes as the rows of a parameterised test, each with its name: for MemberData, TestCaseSource and DynamicData.</summary>
    public IEnumerable<object[]> Data
    {
        get
        {
            try
            {
                return [.. Mistakes.Select(mistake => new object[] { mistake })];
            }
            catch (ArchGenException)
            {
                // Frameworks of tests hide what a source of data throws: the test says it.
                return [[Unmade]];
            }
        }
    }

    /// <summary>
    /// The names of the mistakes, in graph order: <c>norm dropped: blk.*.attn_norm</c>. Those that change nothing in this model are left out.
    /// </summary>
    /// <exception cref="ArchGenException">The model cannot be made.</exception>
    public IReadOnlyList<string> Mistakes => _mistakes.Value;

    /// <summary>The suite of a small random model of an architecture, made when it is first used.</summary>
    /// <typeparam name="TModel">The class that declares the architecture.</typeparam>
    /// <param name="options">The options of the model; by default all defaults.</param>
    public static SabotageSuite Of<TModel>(RandomRecipeOptions? options = null)
        where TModel : Model, IArchitecture => new(() => TestedModel.Random<TModel>(options), null, null);

    /// <summary>The suite of a model.</summary>
    /// <param name="model">Makes the model, when it is first used. It stays in memory as long as the suite.</param>
    /// <param name="tokens">The prompt. Defaults to the recipe's.</param>
    /// <param name="expected">The author's logits for it, row by row. Defaults to the recipe's; without, mistakes are held to Forward.</param>
    public static SabotageSuite Of(Func<TestedModel> model, IReadOnlyList<int>? tokens = null, float[]? expected = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, tokens, expected is null ? null : new RecordedResults(expected) { Gelu = GeluPrecision.Exact });
    }

    /// <summary>States a mistake that this model cannot show, with the reason. <see cref="Verify"/> of it then fails if it is caught after all.</summary>
    /// <param name="mistake">Its name, as in <see cref="Mistakes"/>.</param>
    /// <param name="reason">The reason, such as: the norm that follows takes every factor back.</param>
    public SabotageSuite Except(string mistake, string reason)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        _survivors[mistake] = reason;
        return this;
    }

    /// <summary>Makes the mistake and runs the check, in one batch, in two and token by token.</summary>
    /// <param name="mistake">Its name, as in <see cref="Mistakes"/>.</param>
    /// <exception cref="CheckFailedException">No check catches it; or it is stated by <see cref="Except"/>, and one does.</exception>
    /// <exception cref="ArchGenException">The model cannot be made, or is itself not right.</exception>
    public void Verify(string mistake)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        if (!_mutations.Value.TryGetValue(mistake, out var mutation))
        {
            var nearest = Spelling.Nearest(mistake, _mutations.Value.Keys);
            throw new CheckFailedException($"'{mistake}' is no mistake of this model's graph. {(nearest is null ? "" : $"Did you mean '{nearest}'?")}");
        }

        if (_survivors.Keys.FirstOrDefault(name => !_mutations.Value.ContainsKey(name)) is { } gone)
        {
            throw new CheckFailedException(
                $"'{gone}' is stated by {nameof(Except)}, and is no mistake of this model's graph. Remove the statement, or mend its name.");
        }

        var result = _check.Value.Run(mutation);
        var (isStated, reason) = (_survivors.TryGetValue(mistake, out var stated), stated);
        if (result.IsBlind == isStated) return;
        throw new CheckFailedException(isStated
            ? $"'{mistake}' is caught ({result.CaughtBy}), but stated not to be: {reason}. Remove the statement."
            : string.Create(CultureInfo.InvariantCulture, $"'{mistake}' changes the result by NMSE {result.Error:0.0E+0} only, ")
                + string.Create(CultureInfo.InvariantCulture, $"and up to {_check.Value.Tolerance:0E+0} is right: nobody would notice it. ")
                + "Test a longer prompt or other hyper-parameters; or state why it cannot be seen: "
                + $"{nameof(Except)}(\"{mistake}\", \"why\").");
    }

    private static Dictionary<string, Mutation> ByName(IEnumerable<Mutation> mutations)
    {
        var named = new Dictionary<string, Mutation>(StringComparer.Ordinal);
        foreach (var mutation in mutations.Where(mutation => mutation.WhyWithoutEffect is null))
        {
            var name = mutation.ToString();
            for (var i = 2; !named.TryAdd(name, mutation); i++) name = $"{mutation} #{i}";
        }

        return named;
    }
}
