using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers;

/// <summary>The tokenizer of a checkpoint as it is published: a tokenizer.json or an RWKV vocabulary, given by its path or by the path of its folder.</summary>
public static class CheckpointTokenizer
{
    private const string RwkvVocabularies = "rwkv_vocab_*.txt";

    /// <summary>Whether a path is a folder or a tokenizer file rather than a model file.</summary>
    public static bool IsOne(string path) => Directory.Exists(path) || Path.GetExtension(path) is ".json" or ".txt";

    /// <exception cref="ModelFileException">There is no such file, or it is damaged.</exception>
    public static Tokenizer Open(string path)
    {
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path)) throw new ModelFileException($"{path} does not exist. Give a tokenizer.json, or a folder that has one.");
            return Path.GetExtension(path) == ".txt" ? RwkvTokenizer.Open(path) : HuggingFaceTokenizer.Open(path);
        }

        if (File.Exists(Path.Combine(path, "tokenizer.json"))) return HuggingFaceTokenizer.Open(path);
        return Directory.EnumerateFiles(path, RwkvVocabularies).Order(StringComparer.Ordinal).FirstOrDefault() is { } vocabulary
            ? RwkvTokenizer.Open(vocabulary)
            : throw new ModelFileException(
                $"{path} has neither a tokenizer.json nor a {RwkvVocabularies}. Give a folder that has one, or convert the checkpoint and give the GGUF file.");
    }
}
