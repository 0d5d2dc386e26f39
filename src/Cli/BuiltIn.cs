using ArchGen.Architectures;
using ArchGen.CommandLine;

namespace ArchGen.Cli;

/// <summary>The program archgen: the architectures of this repository with their recipes, and the model Wren.</summary>
internal static class BuiltIn
{
    private const string Wren = "wren-q8_0.gguf";

    public static ArchgenProgram Program { get; } = new(Catalog.All)
    {
        Model = new EmbeddedModel("Wren", Wren, () => typeof(BuiltIn).Assembly.GetManifestResourceStream(Wren)!)
        {
            Prompt = "<|im_start|>user\nTell me a story about a fox and a red kite.<|im_end|>\n<|im_start|>assistant\n",
            Introduction = "Wren is a model of 4.5 million weights inside this program. It was trained on little stories and tells them; it knows nothing "
                + "else. For a conversation, name a chat model: archgen chat model.gguf",
        },
        Recipes = EmbeddedRecipes.Of,
        ReadArchitectures = ArchitectureFile.Read,
    };
}
