namespace ArchGen.Runtime.Scheduling;

/// <content>Prefixes in files.</content>
internal sealed partial class Scheduler
{
    private SequenceFile? _files;

    private SequenceFile Files => _files ??= new SequenceFile(_context);

    /// <summary>Writes the longest cached prefix of tokens to a file. To be called between two steps.</summary>
    /// <returns>The number of tokens of the prefix.</returns>
    /// <exception cref="RequestException">No prefix is cached.</exception>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public int Save(ReadOnlySpan<int> tokens, string path)
    {
        var cells = new int[tokens.Length];
        var length = _cache.Read(Root, tokens, cells, out var checkpoint);
        if (length == 0)
            throw new RequestException("No beginning of these tokens is in the prefix cache. Submit them first, with MaxTokens 0 if no answer is needed.");
        Files.Write(path, tokens[..length], _context.HasKeys ? cells.AsSpan(0, length) : [], _context.PlaceOfCheckpoint(checkpoint));
        return length;
    }

    /// <summary>Adds a prefix from a file to the prefix cache. To be called between two steps.</summary>
    /// <returns>The tokens of the prefix.</returns>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or is of another model or cache.</exception>
    /// <exception cref="ContextFullException">Running answers have too many cells.</exception>
    public int[] Restore(string path)
    {
        var spare = _options.MaxSequences;
        int[] restored = [];
        Files.Read(path, _vocabulary, SequenceLength, (tokens, read) =>
        {
            if (_context.HasKeys && !_cache.Evict(tokens.Length))
            {
                throw new ContextFullException($"{path}: the sequence has {tokens.Length} tokens, and {_context.Cells.Free} cells are free. "
                    + "Wait until answers end, or choose more cells.");
            }

            if (_context.HasStates && !_cache.CanSaveStates) throw new RequestException("There is no place for saved states. Raise MaxCheckpoints.");
            try
            {
                _context.Fill(spare, tokens.Length);
                read(spare);
                if (_context.HasStates) _cache.AddCheckpoint(Root, tokens, spare);
                else _cache.Publish(Root, tokens, spare);
            }
            finally
            {
                _context.RemoveSequence(spare);
            }

            restored = tokens;
        });
        return restored;
    }
}
