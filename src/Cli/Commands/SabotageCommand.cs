using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Cli.Options;
using ArchGen.Cli.Texts;
using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.Cli.Commands;

/// <summary><c>archgen sabotage</c>: tests whether the numeric check of an architecture kills each mutant of its graph.</summary>
internal static class SabotageCommand
{
    private const int Survives = 1;

    public static Command Create(Terminal terminal)
    {
        var subject = new Argument<string?>("ARCHITECTURE|MODEL")
        {
            Description = "The name of an architecture, whose small random models are run; or a GGUF file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var recipe = new Option<string?>("--recipe")
        {
            Description = "Another small random model: NAME.json, with its logits in NAME.logits.bin if they are known.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var threads = ModelOptions.Threads();
        var command = new ExampleCommand(
            "sabotage",
            "Derives wrong graphs from the graph of an architecture, runs each, and prints what catches it. "
                + "The exit code is 1 if the model does not give the recorded results, or if nothing catches one, and the recipe does not state why.",
            "sabotage llama",
            "sabotage --recipe my-architecture.json",
            "sabotage model.gguf --json")
        {
            subject, recipe, json, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var tables = new List<Table>();
            foreach (var (name, model, tokens, recorded, survivors) in Subjects(parsed.GetValue(subject), parsed.GetValue(recipe)))
            {
                using (model)
                {
                    var check = new SabotageCheck(model, tokens, recorded, CpuBackend.Exact(parsed.GetValue(threads)), cancellation);
                    var mutations = check.Mutations.ToList();
                    var results = new List<SabotageResult>();
                    foreach (var mutation in mutations)
                    {
                        results.Add(check.Run(mutation));
                        terminal.Progress("mutations", results.Count, mutations.Count);
                    }

                    tables.Add(new Table(name, model.Architecture.Name, check, results, survivors));
                }
            }

            if (parsed.GetValue(json)) terminal.Out.WriteLine(Json(tables));
            else tables.ForEach(table => Print(terminal.Out, table));
            return Task.FromResult(tables.Exists(t => t.Results.Exists(t.IsUnstated)) ? Survives : 0);
        });
        return command;
    }

    private static IEnumerable<Subject> Subjects(string? subject, string? recipePath)
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
            var names = string.Join(", ", Catalog.All.Select(a => a.Name));
            throw new RequestException($"Name an architecture or a model file, or give --recipe FILE. Architectures: {names}.");
        }

        if (File.Exists(subject))
        {
            var model = ModelOptions.Load(subject);
            return [new Subject(Path.GetFileName(subject), model, TokenList.Spread(model), null, [])];
        }

        if (Catalog.All.Find(subject) is null) throw ModelOptions.NoModelOrArchitecture(subject);
        var recipes = Recipes.Of(subject);
        if (recipes.Count == 0)
            throw new RequestException($"There is no small random model of {subject}. Give one with --recipe FILE; docs/sabotage.md describes the format.");
        return recipes.Select(Of);

        static Subject Of(ModelRecipe recipe) =>
            new(recipe.Name, new LoadedModel(recipe.ToGguf(), Catalog.All), recipe.Tokens, recipe.Recorded, recipe.BlindSpots);
    }

    private static void Print(TextWriter output, Table table)
    {
        output.WriteLine($"{table.Name} ({table.Architecture}): {Held(table.Check)}");
        output.WriteLine();
        string[][] rows =
        [
            ["mutation", "node", "NMSE", "caught by"],
            .. table.Results.Select(r => new[] { r.Mutation.Name, r.Mutation.Place, Error(r), CaughtBy(table, r) }),
        ];
        var widths = Enumerable.Range(0, 3).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows) output.WriteLine($"  {row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadRight(widths[2])}  {row[3]}");
        var (stated, unstated) = (table.Results.Count(table.IsStated), table.Results.Count(table.IsUnstated));
        var caught = table.Results.Count(r => r.CaughtBy != SabotageCatch.WithoutEffect) - stated;
        output.WriteLine();
        output.WriteLine(unstated == 0
            ? $"All {caught} mutations that have an effect are caught{(stated == 0 ? "" : $"; {stated} more stay green, as the recipe states")}."
            : $"{unstated} of {table.Results.Count} mutations stay green: the check is blind there.");
        output.WriteLine();
    }

    private static string Held(SabotageCheck check)
    {
        var error = string.Create(
            CultureInfo.InvariantCulture,
            $"the graph as it should be is at NMSE {check.Error:0.0E+0}, wrong is what is above {check.Tolerance:0E+0}");
        if (check.IsHeldToRecord) return $"held to the recorded results; {error}";
        if (check.Difference is not { } difference) return $"held to the forward pass as it is written, since no results are recorded; {error}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"held to the forward pass as it is written, since the recorded results are another model's, as the recipe states "
            + $"(NMSE {difference.Error:0.0E+0}: {difference.Reason}); {error}");
    }

    private static string Error(SabotageResult result) => result.Error?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "-";

    private static string CaughtBy(Table table, SabotageResult result)
    {
        string?[] checks =
        [
            result.CaughtBy switch
            {
                SabotageCatch.GraphVerifier => "graph verifier",
                SabotageCatch.OneBatch => "one batch",
                SabotageCatch.TwoBatches => "two batches",
                SabotageCatch.TokenByToken => "token by token",
                SabotageCatch.Nothing => table.Stated(result) is { } spot ? $"nothing, as stated: {spot.Reason}" : "nothing: blind",
                SabotageCatch.WithoutEffect => $"without effect: {result.Mutation.WhyWithoutEffect}",
                _ => null,
            },
            result.Unread.Count > 0 ? "load check" : null,
        ];
        return string.Join(", ", checks.Where(c => c is not null));
    }

    private static string Json(IReadOnlyList<Table> tables)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var table in tables) Write(writer, table);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Table table)
    {
        writer.WriteStartObject();
        writer.WriteString("model", table.Name);
        writer.WriteString("architecture", table.Architecture);
        writer.WriteString("held_to", table.Check.IsHeldToRecord ? "recorded results" : "forward pass");
        if (table.Check.Difference is { } difference) writer.WriteString("stated_difference", difference.Reason);
        writer.WriteNumber("nmse", table.Check.Error);
        writer.WriteNumber("tolerance", table.Check.Tolerance);
        writer.WriteStartArray("mutations");
        foreach (var result in table.Results)
        {
            writer.WriteStartObject();
            writer.WriteString("mutation", result.Mutation.Name);
            writer.WriteStartArray("nodes");
            foreach (var node in result.Mutation.Nodes) writer.WriteStringValue(node.Name);
            writer.WriteEndArray();
            if (result.Error is { } error && double.IsFinite(error)) writer.WriteNumber("nmse", error);
            else writer.WriteNull("nmse");
            writer.WriteString("caught_by", result.IsBlind ? null : CaughtBy(table, result));
            if (result.IsBlind && table.Stated(result) is { } spot) writer.WriteString("stated_blind", spot.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // A model with its prompt, the recorded results or null, and the expected survivors.
    private sealed record Subject(
        string Name, LoadedModel Model, IReadOnlyList<int> Tokens, RecordedResults? Recorded, IReadOnlyList<BlindSpot> Survivors);

    private sealed record Table(string Name, string Architecture, SabotageCheck Check, List<SabotageResult> Results, IReadOnlyList<BlindSpot> Survivors)
    {
        public BlindSpot? Stated(SabotageResult result) =>
            Survivors.FirstOrDefault(spot => spot.Mutation == result.Mutation.Name && spot.Place == result.Mutation.Place);

        public bool IsStated(SabotageResult result) => result.IsBlind && Stated(result) is not null;

        public bool IsUnstated(SabotageResult result) => result.IsBlind && Stated(result) is null;
    }
}
