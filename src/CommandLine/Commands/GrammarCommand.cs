using System.CommandLine;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen grammar</c>: commands that try what answers are constrained by.</summary>
internal static class GrammarCommand
{
    public static Command Create(Terminal terminal) => new ExampleCommand(
        "grammar",
        "Tries what answers can be constrained by: JSON schemas, regular expressions and grammars. No model is run; of its file only the vocabulary is read.",
        "grammar check model.gguf --schema person.json --text answer.json",
        "grammar bench tokenizer.json --jsonl maskbench.jsonl.gz")
    {
        GrammarCheckCommand.Create(terminal), GrammarBenchCommand.Create(terminal),
    };
}
