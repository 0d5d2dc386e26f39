using ArchGen.Gguf;

namespace ArchGen.Tools.ModelFiles;

/// <summary>A copy of a model with other keys. Its tensors stay as they are; a model in parts becomes one file. Not thread-safe.</summary>
public sealed class EditedModel
{
    private const string TemplateKey = "tokenizer.chat_template";
    private const string VocabularyPrefix = "tokenizer.";
    private const string TokensKey = "tokenizer.ggml.tokens";

    private readonly GgufFile _source;
    private readonly List<string> _changes = [];
    private readonly List<string> _read = [];
    private GgufMetadata _metadata;

    /// <summary>Begins with the keys of an open model, which must stay open until the copy is written.</summary>
    public EditedModel(GgufFile source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _metadata) = (source, CopiedFile.WholeMetadata(source));
    }

    /// <summary>The keys as they are now.</summary>
    public GgufMetadata Metadata => _metadata;

    /// <summary>What was changed, a line for each key, in the order of the changes.</summary>
    public IReadOnlyList<string> Changes => _changes;

    /// <summary>The bytes of all tensors.</summary>
    public long ByteLength => CopiedFile.Bytes(_source);

    /// <summary>Sets a key: in its place, or a new one at the end.</summary>
    /// <exception cref="RequestException">The key tells of the parts of a model, is empty or has a control character, or the alignment is none.</exception>
    public void Set(string key, GgufValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(value);
        Check(key);
        if (key == GgufHeader.AlignmentKey) CheckAlignment(value);
        _metadata.TryGet(key, out var old);
        if (old is not null && KeyValues.AreEqual(old, value)) return;
        _metadata[key] = value;
        _changes.Add(old is null ? $"+ {key}: {value}"
            : $"~ {key}: {old} becomes {value}{(old.Type == value.Type && old.ElementType == value.ElementType ? "" : ", of another type")}");
    }

    /// <summary>Removes a key.</summary>
    /// <exception cref="RequestException">There is no such key.</exception>
    public void Remove(string key)
    {
        var old = Present(key);
        _metadata.Remove(key);
        _changes.Add($"- {key}: {old}");
    }

    /// <summary>Gives a key another name, in its place.</summary>
    /// <exception cref="RequestException">There is no such key, or one of the new name, or the new name is none that <see cref="Set"/> takes.</exception>
    public void Rename(string key, string name)
    {
        var value = Present(key);
        Check(name);
        if (name == GgufHeader.AlignmentKey) CheckAlignment(value);
        if (_metadata.ContainsKey(name)) throw new RequestException($"{_source.Name}: there is a key {name} already. Remove it first, or choose another name.");
        var renamed = new GgufMetadata(_source.Name);
        foreach (var (each, kept) in _metadata) renamed[each == key ? name : each] = kept;
        _metadata = renamed;
        _changes.Add($"~ {key} becomes {name}");
    }

    /// <summary>Sets the chat template, in Jinja.</summary>
    public void SetChatTemplate(string template) => Set(TemplateKey, GgufValue.From(template));

    /// <summary>
    /// Takes the vocabulary of another model in place of this one's: all keys of its tokenizer, with its chat template. Both must have the same number of
    /// tokens, since a row of this model's embedding belongs to each.
    /// </summary>
    /// <exception cref="ModelFileException">The other model has no vocabulary, or a token of it that is named does not exist.</exception>
    /// <exception cref="RequestException">The numbers of tokens differ.</exception>
    public void CopyVocabulary(GgufFile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _read.AddRange(CopiedFile.FileNames(other));
        var count = other.Metadata.GetStrings(TokensKey).Length;
        foreach (var (key, value) in other.Metadata)
        {
            if (key.StartsWith("tokenizer.ggml.", StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)
                && value.AsInt64() is var id && id is not (-1 or uint.MaxValue) && (id < 0 || id >= count)) // -1, of either sign, is none
            {
                throw new ModelFileException($"{other.Name}: key {key} is {id}, but there are {count} tokens. Convert that model again.");
            }
        }

        if (Rows() is var (what, rows) && rows != count)
        {
            throw new RequestException($"{other.Name} has {count} tokens, but {what} of {_source.Name} has {rows}. "
                + "Take the vocabulary of a model with as many.");
        }

        foreach (var key in _metadata.Select(entry => entry.Key).Where(IsVocabulary).ToList()) _metadata.Remove(key);
        var copied = other.Metadata.Where(entry => IsVocabulary(entry.Key)).ToList();
        foreach (var (key, value) in copied) _metadata[key] = value;
        _changes.Add($"~ {copied.Count} keys {VocabularyPrefix}* with {count} tokens come from {other.Name}");
    }

    /// <summary>Writes the copy. It appears when it is complete.</summary>
    /// <param name="path">The path of the file; not that of the model.</param>
    /// <param name="progress">Receives the number of bytes of tensors written so far.</param>
    /// <param name="cancellation">Ends the writing; nothing is left.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="ArchGenException">The file cannot be written, or is one that is read.</exception>
    public string Write(string path, Action<long>? progress, CancellationToken cancellation) =>
        CopiedFile.Write(_source, [new ChunkedPart(path, _metadata, CopiedFile.Tensors(_source))], progress, cancellation, _read)[0];

    /// <summary>Writes the copy to a stream that cannot seek, such as standard output.</summary>
    public void Write(Stream stream, Action<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ChunkedStream.Write(stream, _metadata, CopiedFile.Tensors(_source), progress, cancellation);
    }

    private static bool IsVocabulary(string key) => key.StartsWith(VocabularyPrefix, StringComparison.Ordinal);

    // The embedding of a file with weights; without them what a key says; null if neither tells.
    private (string What, long Count)? Rows()
    {
        if (_source.TryGetTensor("token_embd.weight", out var embedding) && embedding.Dimensions.Length > 1)
            return ("token_embd.weight", embedding.Dimensions[1]);
        var key = $"{_metadata.GetStringOrNull("general.architecture")}.vocab_size";
        return _metadata.GetInt64OrNull(key) is { } size ? ($"the key {key}", size) : null;
    }

    private GgufValue Present(string key)
    {
        if (_metadata.TryGet(key, out var value)) return value;
        var nearest = Spelling.Nearest(key, _metadata.Select(entry => entry.Key));
        throw new RequestException($"{_source.Name} has no key {key}.{(nearest is null ? " 'archgen inspect' lists its keys." : $" Did you mean {nearest}?")}");
    }

    private static void Check(string key)
    {
        if (CopiedFile.IsOfSplit(key)) throw new RequestException($"{key} tells which part of a model a file is, and is written by 'archgen split' alone.");
        if (key.Length == 0 || key.Any(char.IsControl)) throw new RequestException("A key is empty or has a control character.");
    }

    private static void CheckAlignment(GgufValue value)
    {
        try
        {
            GgufHeader.ReadAlignment(new GgufMetadata(GgufHeader.AlignmentKey) { [GgufHeader.AlignmentKey] = value });
        }
        catch (ModelFileException error)
        {
            throw new RequestException($"{GgufHeader.AlignmentKey} cannot be {value}: expected a u32 that is a power of two, such as 32.", error);
        }
    }
}
