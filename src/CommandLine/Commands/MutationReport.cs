using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;

namespace ArchGen.CommandLine.Commands;

/// <summary>The results of all mutants of one model.</summary>
/// <param name="Name">The name of the recipe or the file.</param>
/// <param name="Architecture">The name of the architecture.</param>
/// <param name="Check">The check that ran them.</param>
/// <param name="Results">The results, in the order of the mutations.</param>
/// <param name="Survivors">The expected survivors.</param>
internal sealed record MutationReport(
    string Name, string Architecture, SabotageCheck Check, List<SabotageResult> Results, IReadOnlyList<BlindSpot> Survivors)
{
    /// <summary>Whether a mutant survives that is not an expected survivor.</summary>
    public bool IsUnstated(SabotageResult result) => result.IsBlind && Stated(result) is null;

    /// <summary>Prints a table with a row for each mutation, and the number of survivors.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{Name} ({Architecture}): {Reference()}");
        output.WriteLine();
        string[][] rows =
        [
            ["mutation", "node", "NMSE", "caught by"],
            .. Results.Select(r => new[] { r.Mutation.Name, r.Mutation.Place, Error(r), CaughtBy(r) }),
        ];
        var widths = Enumerable.Range(0, 3).Select(c => rows.Max(r => r[c].Length)).ToArray();
        foreach (var row in rows) output.WriteLine($"  {row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadRight(widths[2])}  {row[3]}");
        var (stated, unstated) = (Results.Count(IsStated), Results.Count(IsUnstated));
        var caught = Results.Count(r => r.CaughtBy != SabotageCatch.WithoutEffect) - stated;
        output.WriteLine();
        output.WriteLine(unstated == 0
            ? $"All {caught} mutations that have an effect are caught{(stated == 0 ? "" : $"; {stated} more stay green, as the recipe states")}."
            : $"{unstated} of {Results.Count} mutations stay green: the check is blind there.");
        output.WriteLine();
    }

    private string Reference()
    {
        var error = string.Create(
            CultureInfo.InvariantCulture,
            $"the graph as it should be is at NMSE {Check.Error:0.0E+0}, wrong is what is above {Check.Tolerance:0E+0}");
        if (Check.IsHeldToRecord) return $"held to the recorded results; {error}";
        if (Check.Difference is not { } difference) return $"held to the forward pass as it is written, since no results are recorded; {error}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"held to the forward pass as it is written, since the recorded results are another model's, as the recipe states "
            + $"(NMSE {difference.Error:0.0E+0}: {difference.Reason}); {error}");
    }

    private static string Error(SabotageResult result) => result.Error?.ToString("0.0E+0", CultureInfo.InvariantCulture) ?? "-";

    private string CaughtBy(SabotageResult result)
    {
        string?[] checks =
        [
            result.CaughtBy switch
            {
                SabotageCatch.GraphVerifier => "graph verifier",
                SabotageCatch.OneBatch => "one batch",
                SabotageCatch.TwoBatches => "two batches",
                SabotageCatch.TokenByToken => "token by token",
                SabotageCatch.Nothing => Stated(result) is { } spot ? $"nothing, as stated: {spot.Reason}" : "nothing: blind",
                SabotageCatch.WithoutEffect => $"without effect: {result.Mutation.WhyWithoutEffect}",
                _ => null,
            },
            result.Unread.Count > 0 ? "load check" : null,
        ];
        return string.Join(", ", checks.Where(c => c is not null));
    }

    /// <summary>The reports of several models as JSON.</summary>
    public static string Json(IReadOnlyList<MutationReport> reports)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var report in reports) report.Write(writer);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model", Name);
        writer.WriteString("architecture", Architecture);
        writer.WriteString("held_to", Check.IsHeldToRecord ? "recorded results" : "forward pass");
        if (Check.Difference is { } difference) writer.WriteString("stated_difference", difference.Reason);
        writer.WriteNumber("nmse", Check.Error);
        writer.WriteNumber("tolerance", Check.Tolerance);
        writer.WriteStartArray("mutations");
        foreach (var result in Results)
        {
            writer.WriteStartObject();
            writer.WriteString("mutation", result.Mutation.Name);
            writer.WriteStartArray("nodes");
            foreach (var node in result.Mutation.Nodes) writer.WriteStringValue(node.Name);
            writer.WriteEndArray();
            if (result.Error is { } error && double.IsFinite(error)) writer.WriteNumber("nmse", error);
            else writer.WriteNull("nmse");
            writer.WriteString("caught_by", result.IsBlind ? null : CaughtBy(result));
            if (result.IsBlind && Stated(result) is { } spot) writer.WriteString("stated_blind", spot.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private BlindSpot? Stated(SabotageResult result) =>
        Survivors.FirstOrDefault(spot => spot.Mutation == result.Mutation.Name && spot.Place == result.Mutation.Place);

    private bool IsStated(SabotageResult result) => result.IsBlind && Stated(result) is not null;
}
