using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;

namespace ArchGen.EndToEnd.Tests.Measurement;

/// <summary>A small random model of another architecture that reads text: with the vocabulary of stories260K, four times its own.</summary>
internal static class TokenizedModel
{
    /// <summary>Writes the model; returns its path.</summary>
    public static string Write(string folder, string recipe)
    {
        var path = Path.Combine(folder, recipe + "-text.gguf");
        using var stories = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        using var model = ArchitectureFixture.Load(recipe).Recipe.ToGguf();
        foreach (var (key, value) in stories.Metadata.Where(p => p.Key.StartsWith("tokenizer.", StringComparison.Ordinal))) model.Metadata[key] = value;
        model.Metadata[$"{model.Metadata.GetString("general.architecture")}.vocab_size"] = GgufValue.From(512u);
        var writer = new GgufWriter(model.Metadata);
        foreach (var tensor in model.Tensors)
        {
            if (tensor.Name is not ("token_embd.weight" or "output.weight"))
            {
                writer.Add(tensor);
                continue;
            }

            writer.Add(tensor.Name, tensor.Type, [tensor.Dimensions[0], 4 * tensor.Dimensions[1]], stream =>
            {
                for (var i = 0; i < 4; i++) stream.Write(tensor.Span);
            });
        }

        writer.Save(path);
        return path;
    }

    public static LoadedModel Stories() => LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);

    /// <summary>stories260K with some tensors replaced.</summary>
    public static LoadedModel Altered(string folder, Func<GgufTensor, (TensorType Type, byte[] Data)?> alter)
    {
        var path = Path.Combine(folder, "altered.gguf");
        using (var stories = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf")))
        {
            var writer = new GgufWriter(stories.Metadata);
            foreach (var tensor in stories.Tensors)
            {
                if (alter(tensor) is { } other) writer.Add(tensor.Name, other.Type, tensor.Dimensions.AsSpan(), other.Data);
                else writer.Add(tensor);
            }

            writer.Save(path);
        }

        return LoadedModel.Open(path, Catalog.All);
    }

    public static string StoriesText() => File.ReadAllText(SharedFixtures.Local("models/stories.txt")).TrimEnd('\n');
}
