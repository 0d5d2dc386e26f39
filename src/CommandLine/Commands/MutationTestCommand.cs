using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen mutation-test</c>: tests whether the numeric check of an architecture kills each mutant of its graph.</summary>
internal sealed class MutationTestCommand(Terminal terminal, ArchgenProgram program)
{
    private const int Survives = 1;

    private readonly Argument<string?> _subject = new("ARCHITECTURE|MODEL")
    {
        Description = "The name of an architecture, whose small random models are run; or a GGUF file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _recipe = new("--recipe")
    {
        Description = "Another small random model: NAME.json, with its logits in NAME.logits.bin if they are known.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };
    private readonly Option<int> _threads = ModelOptions.Threads();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var test = new MutationTestCommand(terminal, program);
        var command = new ExampleCommand(
            "mutation-test",
            "Derives wrong graphs from the graph of an architecture, runs each, and prints what catches it. "
                + "The exit code is 1 if the model does not give the recorded results, or if nothing catches one, and the recipe does not state why.",
            "mutation-test llama",
            "mutation-test --recipe my-architecture.json",
            "mutation-test model.gguf --json")
        {
            test._subject, test._recipe, test._json, test._threads,
        };
        command.Aliases.Add("sabotage");
        command.SetAction(test.Execute);
        return command;
    }

    private Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var reports = new List<MutationReport>();
        foreach (var subject in Subjects(parsed.GetValue(_subject), parsed.GetValue(_recipe)))
        {
            using (subject.Model) reports.Add(Run(subject, parsed.GetValue(_threads), cancellation));
        }

        if (parsed.GetValue(_json)) terminal.Out.WriteLine(MutationReport.Json(reports));
        else reports.ForEach(report => report.Print(terminal.Out));
        return Task.FromResult(reports.Exists(r => r.Results.Exists(r.IsUnstated)) ? Survives : 0);
    }

    private MutationReport Run(Subject subject, int threads, CancellationToken cancellation)
    {
        var check = new SabotageCheck(subject.Model, subject.Tokens, subject.Recorded, CpuBackend.Exact(threads), cancellation);
        var mutations = check.Mutations.ToList();
        var results = new List<SabotageResult>();
        foreach (var mutation in mutations)
        {
            results.Add(check.Run(mutation));
            terminal.Progress("mutations", results.Count, mutations.Count);
        }

        return new MutationReport(subject.Name, subject.Model.Architecture.Name, check, results, subject.Survivors);
    }

    private IEnumerable<Subject> Subjects(string? subject, string? recipePath)
    {
        if (recipePath is not null)
        {
            var own = ModelRecipe.Open(recipePath);
            if (subject is not null && subject != own.Architecture)
                throw new RequestException($"{recipePath} is a recipe of {own.Architecture}, not of {subject}.");
            return [Of(own)];
        }

        if (subject is null)
        {
            var names = string.Join(", ", program.Architectures.Select(a => a.Name));
            throw new RequestException($"Name an architecture or a model file, or give --recipe FILE. Architectures: {names}.");
        }

        if (File.Exists(subject))
        {
            var model = program.Load(subject);
            return [new Subject(Path.GetFileName(subject), model, TokenList.Spread(model), null, [])];
        }

        if (program.Architectures.Find(subject) is null) throw program.NoModelOrArchitecture(subject);
        var recipes = program.Recipes(subject);
        if (recipes.Count == 0)
        {
            throw new RequestException(
                $"There is no small random model of {subject}. Give one with --recipe FILE; docs/mutation-testing.md describes the format.");
        }

        return recipes.Select(Of);

        Subject Of(ModelRecipe recipe) =>
            new(recipe.Name, new LoadedModel(recipe.ToGguf(), program.Architectures), recipe.Tokens, recipe.Recorded, recipe.BlindSpots);
    }

    // A model with its prompt, the recorded results or null, and the expected survivors.
    private sealed record Subject(
        string Name, LoadedModel Model, IReadOnlyList<int> Tokens, RecordedResults? Recorded, IReadOnlyList<BlindSpot> Survivors);
}
