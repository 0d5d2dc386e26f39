using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Tests.Robustness;

/// <summary>Slips in the declared architectures, made by program: none lets the generator fail, or write what does not compile.</summary>
public class MutationTests
{
    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("ARCHGEN_MUTATIONS") ?? "4", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, Mutation> ByName = Mutation.All.ToDictionary(m => m.Name);

    public static TheoryData<string> Names => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_slip_is_reported_in_the_source(string name)
    {
        var random = new Random(name.Length * 7 + name[0] + Rounds);
        var failures = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var file = DeclaredArchitectures.Files[random.Next(DeclaredArchitectures.Files.Count)];
            var places = ByName[name].Places(CSharpSyntaxTree.ParseText(file.Text).GetRoot()).ToList();
            if (places.Count == 0) continue;
            var (place, text) = places[random.Next(places.Count)];
            var broken = file with { Text = file.Text.Remove(place.Start, place.Length).Insert(place.Start, text) };
            var files = Porting.WithBases([file.Path]).Select(f => f.Path == file.Path ? broken : f);
            // A file that several share says nothing alone.
            if (file.IsAbstract || !file.Text.Contains("[Architecture", StringComparison.Ordinal))
            {
                files = files.UnionBy(Porting.WithBases(["Llama.cs", "Gemma2.cs"]), f => f.Path);
            }

            var run = GeneratorRun.Of(files);
            var what = $"{file.Path}:{file.Text[..place.Start].Count(c => c == '\n') + 1} '{file.Text.Substring(place.Start, place.Length)}' -> '{text}'";
            if (run.Result.Exception is { } exception) failures.Add($"{what}: {exception}");
            failures.AddRange(run.ErrorsInGeneratedCode.Select(e => $"{what}: {e}"));
            if (run.Diagnostics.Select(d => d.Location).Distinct().Count() > 1 && Environment.GetEnvironmentVariable("ARCHGEN_MUTATIONS") is not null)
                failures.Add($"{what}: {run.Diagnostics.Count} reports: " + string.Join(" / ", run.Diagnostics.Take(4).Select(d => d.ToString())));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>
    /// Each file is cut at twenty places: in half of the runs all files at once; in the others first the files that nothing builds on, beside whole bases,
    /// then the bases alone.
    /// </summary>
    [Fact]
    public void A_truncated_file_never_throws()
    {
        const int Places = 20;
        var random = new Random(17);
        var bases = DeclaredArchitectures.Files.SelectMany(f => Porting.MentionedBy(f.Text).Where(path => path != f.Path)).ToHashSet();
        for (var i = 0; i < Places; i++)
        {
            var cut = DeclaredArchitectures.Files.Select(f => f with { Text = f.Text[..Place(f)] }).ToList();
            if (i % 2 == 1)
            {
                AssertNoException(cut);
                continue;
            }

            AssertNoException([.. cut.Where(f => !bases.Contains(f.Path)), .. DeclaredArchitectures.Files.Where(f => bases.Contains(f.Path))]);
            AssertNoException(cut.Where(f => bases.Contains(f.Path)));

            int Place(SourceFile file) => (file.Text.Length * i / Places) + random.Next(file.Text.Length / Places);
        }

        static void AssertNoException(IEnumerable<SourceFile> files)
        {
            if (GeneratorRun.Of(files).Result.Exception is not { } exception) return;
            var one = files.FirstOrDefault(f => GeneratorRun.Of(files.Where(o => o != f)).Result.Exception is null);
            Assert.Fail($"{one?.Path ?? "Several"}, which ends with '{one?.Text[^Math.Min(40, one.Text.Length)..]}': {exception}");
        }
    }
}
