namespace ArchGen.Runtime.Scheduling;

/// <content>Prefixes in files.</content>
internal sealed partial class Scheduler
{
    private readonly Dictionary<int, SequenceFile> _files = [];

    /// <summary>Writes the longest cached prefix of tokens to a file. To be called between two steps.</summary>
    /// <returns>The number of tokens of the prefix.</returns>
    /// <exception cref="RequestException">No prefix is cached.</exception>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public int Save(ReadOnlySpan<int> tokens, string path, int set = 0)
    {
        var cells = new int[tokens.Length];
        var length = _cache.Read(set, tokens, cells, out var checkpoint);
        if (length == 0)
            throw new RequestException("No beginning of these tokens is in the prefix cache. Submit them first, with MaxTokens 0 if no answer is needed.");
        FileOf(set).Write(path, tokens[..length], _context.HasKeys ? cells.AsSpan(0, length) : [], _context.PlaceOfCheckpoint(checkpoint));
        return length;
    }

    /// <summary>Adds a prefix from a file to the prefix cache. To be called between two steps.</summary>
    /// <returns>The tokens of the prefix.</returns>
    /// <exception cref="ModelFileException">The file cannot be read, is damaged, or is of another model or cache.</exception>
    /// <exception cref="ContextFullException">Running answers have too many cells.</exception>
    public int[] Restore(string path, int set = 0)
    {
        var spare = _options.MaxSequences;
        int[] restored = [];
        FileOf(set).Read(path, _vocabulary, SequenceLength, (tokens, read) =>
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
                if (_context.HasStates) _cache.AddCheckpoint(set, tokens, spare);
                else _cache.Publish(set, tokens, spare);
            }
            finally
            {
                _context.RemoveSequence(spare);
            }

            restored = tokens;
        });
        return restored;
    }

    /// <summary>Removes tokens from the prefix cache. To be called between two steps.</summary>
    /// <returns>The number of tokens that were removed.</returns>
    public int Forget(ReadOnlySpan<int> tokens, int set = 0) => _cache.Forget(set, tokens);

    private SequenceFile FileOf(int set)
    {
        if ((uint)set >= (uint)_context.AdapterSets)
            throw new RequestException($"There is no set of adapters {set}; expected 0 to {_context.AdapterSets - 1}.");
        if (!_files.TryGetValue(set, out var file)) _files[set] = file = new SequenceFile(_context, set);
        return file;
    }
}
