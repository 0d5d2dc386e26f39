using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Tests.Diagnostics;

/// <summary>The declared architectures with mistakes that a porter makes.</summary>
internal static class Porting
{
    /// <summary>Those of the given files and of all that they derive from, with edits.</summary>
    public static GeneratorRun Run(IReadOnlyList<string> files, params (string File, string Text, string Replacement)[] edits)
    {
        var sources = WithBases(files).ToDictionary(f => f.Path);
        foreach (var (file, text, replacement) in edits)
        {
            Assert.Contains(text, sources[file].Text, StringComparison.Ordinal);
            sources[file] = sources[file] with { Text = sources[file].Text.Replace(text, replacement, StringComparison.Ordinal) };
        }

        return GeneratorRun.Of(sources.Values.OrderBy(f => f.Path, StringComparer.Ordinal));
    }

    /// <summary>Whatever the mistake is, what is generated compiles, and there is one report of it.</summary>
    public static void AssertOne(this GeneratorRun run, string id, string file, string place, string message)
    {
        Assert.Null(run.Result.Exception);
        Assert.Equal([], run.ErrorsInGeneratedCode);
        Assert.Equal([$"{id}: {message}"], run.Diagnostics.Select(d => $"{d.Id}: {d.GetMessage()}"));
        var location = run.Diagnostics[0].Location;
        Assert.Equal((file, place), (location.GetLineSpan().Path, location.SourceTree!.GetText().ToString(location.SourceSpan)));
    }

    /// <summary>Files, with those that declare what they mention.</summary>
    public static IReadOnlyList<SourceFile> WithBases(IReadOnlyList<string> files)
    {
        var found = new List<SourceFile>();
        var pending = new Queue<string>(files);
        while (pending.Count > 0)
        {
            var path = pending.Dequeue();
            var file = DeclaredArchitectures.Files.Single(f => f.Path == path);
            if (found.Contains(file)) continue;
            found.Add(file);
            foreach (var other in MentionedBy(file.Text)) pending.Enqueue(other);
        }

        return found;
    }

    /// <summary>The declared files of which a text has a name.</summary>
    public static IEnumerable<string> MentionedBy(string text) =>
        DeclaredArchitectures.Files.Where(f => Declared(f).Any(name => Regex.IsMatch(text, $@"\b{name}\b"))).Select(f => f.Path);

    private static IEnumerable<string> Declared(SourceFile file) =>
        Regex.Matches(file.Text, @"^(?:public|internal) (?:\w+ )*(?:class|interface) (\w+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
}
