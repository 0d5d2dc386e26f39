namespace ArchGen;

/// <content>The blocks of lists.</content>
public sealed partial class TensorBinder
{
    /// <summary>Makes the blocks of a list and binds their tensors.</summary>
    /// <param name="model">The model they belong to.</param>
    /// <param name="prefix">The prefix of their names, <c>{i}</c> for the index.</param>
    /// <param name="count">The number of blocks.</param>
    /// <param name="create">Creates the block of an index.</param>
    /// <param name="unused">The number of further blocks of the file, which the model does not use.</param>
    /// <param name="first">The index of the first block.</param>
    public BlockList<T> Blocks<T>(Model model, string prefix, int count, Func<int, T> create, int unused = 0, int first = 0)
        where T : Block
    {
        CheckCount((long)first + count + unused);
        var blocks = new T[count];
        for (var i = 0; i < count; i++)
        {
            blocks[i] = create(first + i);
            blocks[i].BindTensors(Attach(model, prefix, first + i, blocks[i]));
        }

        Ignore(prefix, first + count, unused, "its block predicts further tokens");
        return new BlockList<T>(blocks);
    }

    /// <summary>
    /// Makes the blocks of a list that a file may lack, and binds their tensors. If these are not in the file, or others are in their place, the list has no
    /// blocks, and whoever asks for one learns why.
    /// </summary>
    /// <param name="model">The model they belong to.</param>
    /// <param name="prefix">The prefix of their names, <c>{i}</c> for the index.</param>
    /// <param name="count">The number of blocks.</param>
    /// <param name="create">Creates the block of an index.</param>
    /// <param name="first">The index of the first block.</param>
    public BlockList<T> OptionalBlocks<T>(Model model, string prefix, int count, Func<int, T> create, int first = 0)
        where T : Block
    {
        CheckCount((long)first + count);
        if (count == 0) return new BlockList<T>([]);
        var ledger = _ledger.Of([.. Enumerable.Range(first, Math.Max(count, 0)).Select(i => PrefixOf(prefix, i) + ".")]);
        var blocks = new TensorBinder(_source, ledger, _prefix, _index).Blocks(model, prefix, count, create, first: first);
        if (ledger.IsComplete)
        {
            _ledger.Include(ledger);
            return blocks;
        }

        Ignore(prefix, first, count, "no graph here can use its block");
        return new BlockList<T>([]) { Absence = ledger.Report };
    }

    /// <summary>A block if the file has the tensor that decides on its kind, else null.</summary>
    /// <param name="model">The model it belongs to.</param>
    /// <param name="prefix">The prefix of its tensors, <c>{i}</c> for the index.</param>
    /// <param name="index">Its index.</param>
    /// <param name="block">The block.</param>
    public T? IfInFile<T>(Model model, string prefix, int index, T block)
        where T : Block
    {
        return block.IsInFile(Attach(model, prefix, index, block)) ? block : null;
    }

    private void CheckCount(long blocks)
    {
        if (blocks <= _source.TensorNames.Count) return;
        throw new ModelFileException($"{_source.FileName}: the model should have {blocks} blocks, but the file has only "
            + $"{_source.TensorNames.Count} tensors. The key that counts blocks is wrong, or the file is incomplete.");
    }

    /// <summary>Gives a block its place; the binder of its tensors.</summary>
    private TensorBinder Attach(Model model, string prefix, int index, Block block)
    {
        var blockPrefix = PrefixOf(prefix, index);
        block.Attach(model, index, blockPrefix);
        return new TensorBinder(_source, _ledger, blockPrefix + ".", Number(index));
    }

    private void Ignore(string prefix, int first, int count, string reason)
    {
        for (var i = first; i < first + count; i++) _ledger.Ignore(PrefixOf(prefix, i) + ".*", reason);
    }

    private static string PrefixOf(string prefix, int index) => prefix.Replace("{i}", Number(index), StringComparison.Ordinal);

    private static string Number(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
