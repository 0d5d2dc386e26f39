using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen grammar check</c> and <c>archgen grammar bench</c>, with the vocabulary of stories260K.</summary>
public sealed class GrammarCommandTests : IDisposable
{
    private const string Schema = """{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name"]}""";

    private static readonly string Model = SharedFixtures.Local("models/stories260K.gguf");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_valid_document_is_accepted()
    {
        var run = Check("{\"name\": \"Tom\", \"age\": 5}\n", "--schema", Write("schema.json", Schema));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^Accepted: [0-9]+ tokens.\n$", run.Out);
    }

    [Fact]
    public void An_invalid_document_is_refused_at_its_token()
    {
        var run = Check("{\"name\": 5}", "--schema", Write("schema.json", Schema));
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Matches("^Refused at token [0-9]+ of [0-9]+, '[^']*5', in line 1, column (9|10)\\.\n", run.Out);
        Assert.Matches("Expected was one of [0-9]+ tokens, beginning with: .*'\"'", run.Out);
    }

    [Fact]
    public void A_document_that_ends_too_early_is_refused_at_the_end()
    {
        var run = Check("{\"name\": \"Tom\"", "--schema", Write("schema.json", Schema));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Refused at the end", run.Out, StringComparison.Ordinal);
        Assert.Contains("'}'", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Regular_expressions_and_grammars_are_checked_too()
    {
        Assert.Equal(0, Check("2026-11", "--regex", "[0-9]{4}-[0-9]{2}").ExitCode);
        Assert.Equal(1, Check("2026-1", "--regex", "[0-9]{4}-[0-9]{2}").ExitCode);
        Assert.Equal(0, Check("yes", "--gbnf", Write("a.gbnf", "root ::= \"yes\" | \"no\"")).ExitCode);
        Assert.Equal(1, Check("maybe", "--gbnf", Write("a.gbnf", "root ::= \"yes\" | \"no\"")).ExitCode);
        Assert.Equal(0, Check("no", "--lark", Write("a.lark", "start: \"yes\" | \"no\"")).ExitCode);
    }

    [Fact]
    public void A_schema_that_cannot_be_used_is_an_error_with_its_path()
    {
        var run = Check("[]", "--schema", Write("schema.json", """{"items": {"pattern": "("}}"""));
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("#/items/pattern", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_grammar_is_given()
    {
        Assert.Contains("Give one of --schema, --regex", Check("a").Error, StringComparison.Ordinal);
        Assert.Contains("Give one of --schema, --regex", Check("a", "--regex", "a", "--gbnf", "a.gbnf").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bench_counts_schemas_and_documents()
    {
        string[] lines =
        [
            $$$"""{"name": "person", "schema": {{{Schema}}}, "tests": [{"valid": true, "data": {"name": "a"}}, {"valid": false, "data": {"name": 1}}]}""",
            """{"name": "order", "schema": {"properties": {"a": {}, "b": {}}}, "tests": [{"valid": true, "data": {"b": 1, "a": 2}}]}""",
            """{"name": "refused", "schema": {"uniqueItems": true}, "tests": [{"valid": true, "data": []}]}""",
            """{"name": "mislabelled", "schema": {}, "tests": [{"valid": false, "data": [1.5, "é\n"]}]}""",
        ];
        var file = _folder.File("schemas.jsonl.gz");
        using (GZipStream zip = new(File.Create(file), CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var run = Archgen.Run("grammar", "bench", Model, "--jsonl", file, "--format", "json");
        Assert.True(run.ExitCode == 0, run.Error);
        using var report = JsonDocument.Parse(run.Out);
        var root = report.RootElement;
        int Count(string name) => root.GetProperty(name).GetInt32();
        Assert.Equal((4, 3, 1), (Count("schemas"), Count("compiled"), Count("passed")));
        Assert.Equal((1, 1), (Count("wrongly_accepted"), Count("wrongly_accepted_documents")));
        Assert.Equal((1, 1), (Count("wrongly_refused"), Count("wrongly_refused_documents")));
        Assert.True(root.GetProperty("mask_us").GetProperty("mean").GetDouble() > 0);
        Assert.Equal(3, root.GetProperty("worst").GetArrayLength());

        var text = Archgen.Run("grammar", "bench", Model, "--jsonl", file, "--list").Out;
        Assert.Contains("refused: The JSON schema cannot be used: #/uniqueItems", text, StringComparison.Ordinal);
        Assert.Contains("order: 0 wrongly accepted, 1 wrongly refused", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "line 1, is not JSON")]
    [InlineData("", "has no lines")]
    [InlineData("{\"name\": \"a\"}", "line 1 has no \"schema\"")]
    [InlineData("{\"schema\": {}, \"tests\": [{\"data\": 1}]}", "line 1 has a test without")]
    public void A_file_of_another_form_is_said(string line, string message)
    {
        var run = Archgen.Run("grammar", "bench", Model, "--jsonl", Write("schemas.jsonl", line));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private Archgen Check(string text, params string[] grammar) => Archgen.Run(["grammar", "check", Model, .. grammar, "--text", Write("text.txt", text)]);

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
