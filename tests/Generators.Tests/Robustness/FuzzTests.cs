using ArchGen.Generators.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Tests.Robustness;

/// <summary>Source that is being typed is broken most of the time: the generator must take it as it comes.</summary>
public class FuzzTests
{
    /// <summary>Deletes, doubles or swaps a few tokens of each declared architecture, once for each seed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Broken_source_never_throws(int seed)
    {
        var random = new Random(seed);
        var failures = new List<string>();
        foreach (var file in DeclaredArchitectures.Files)
        {
            var broken = file with { Text = Break(file.Text, random) };
            // With the bases and parts at hand more of a declaration is read; those of the Qwen architectures stand for all.
            var run = GeneratorRun.Of(file.Path.StartsWith("Qwen", StringComparison.Ordinal)
                ? Porting.WithBases([file.Path]).Select(f => f.Path == file.Path ? broken : f) : [broken]);
            if (run.Result.Exception is { } exception) failures.Add($"{file.Path}: {exception}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>Characters that mean something, in the attributes' texts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Broken_expressions_never_throw(int seed)
    {
        var random = new Random(seed);
        var failures = new List<string>();
        const string Characters = "Embd Ff Heads 0 1 9 + - * / ( ) , . { } [ ] \\\\ \\\" \\0 \\ud800 \u00e9";
        var pieces = Characters.Split(' ');
        for (var round = 0; round < 60; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (place, replacement) = random.Next(4) switch
            {
                0 => ("[Tensor(\"3*Embd, Embd\")]", $"[Tensor(\"{text}\")]"),
                1 => ("Default = \"false\"", $"Default = \"{text}\""),
                2 => ("Count = nameof(BlockCount)", $"Count = \"{text}\""),
                _ => ("[Tensor(\"3*Embd, Embd\")]",
                    $"[Tensor(\"3*Embd, Embd\", TiedTo = \"{text}\", RequiredIf = \"{text}\", Name = \"{text}\", Hf = \"{text}\", Scale = \"{text}\")]"),
            };
            var run = GeneratorRun.Of(TinyArchitecture.With(place, replacement));
            if (run.Result.Exception is { } exception) failures.Add($"{replacement}: {exception}");
            else if (run.Diagnostics.Count == 0) failures.AddRange(run.CompilerDiagnostics(DiagnosticSeverity.Error).Select(d => $"{replacement}: {d}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>One name in place of another is often good C#: then the generator either reports it, or what it writes is good C# too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_generated_compiles(int seed)
    {
        var random = new Random(seed);
        var failures = new List<string>();
        foreach (var file in DeclaredArchitectures.Files.Where(f => !f.Path.StartsWith("Qwen", StringComparison.Ordinal)))
        {
            var (text, edit) = Confuse(file.Text, random);
            var run = GeneratorRun.Of([file with { Text = text }]);
            if (run.Result.Exception is { } exception) failures.Add($"{file.Path}, {edit}: {exception}");
            var errors = run.CompilerDiagnostics(DiagnosticSeverity.Error).ToList();
            var isReported = run.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error)
                || errors.Any(e => e.Location.SourceTree?.FilePath == file.Path);
            if (!isReported) failures.AddRange(errors.Select(e => $"{file.Path}, {edit}: {e}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static (string Text, string Edit) Confuse(string text, Random random)
    {
        var names = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens()
            .Where(t => t.IsKind(SyntaxKind.IdentifierToken) || t.IsKind(SyntaxKind.StringLiteralToken)).ToArray();
        var name = names[random.Next(names.Length)];
        var candidates = names.Where(n => n.RawKind == name.RawKind && n.Text != name.Text).ToArray();
        if (candidates.Length == 0) return (text, "nothing");
        var other = candidates[random.Next(candidates.Length)];
        var line = text[..name.SpanStart].Count(c => c == '\n') + 1;
        return (text.Remove(name.SpanStart, name.Span.Length).Insert(name.SpanStart, other.Text), $"line {line}, {name.Text} -> {other.Text}");
    }

    private static string Break(string text, Random random)
    {
        var tokens = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(t => t.Span.Length > 0).Select(t => (t.Span, Text: t.ToFullString()))
            .ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(tokens.Count), other = random.Next(tokens.Count);
            switch (random.Next(5))
            {
                case 0 or 1: tokens.RemoveAt(at); break;
                case 2: tokens.Insert(at, tokens[at]); break;
                case 3: tokens[at] = tokens[other]; break;
                default: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            }
        }

        return string.Concat(tokens.Select(t => t.Text + " "));
    }
}
