using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ArchGen.Samples.Router.Routing;

/// <summary>
/// Divides a text into blocks and hashes each with all blocks before it: two prompts have the same hashes as far as their blocks are the same. The rest of the
/// text that fills no block is not hashed.
/// </summary>
/// <param name="blockCharacters">Characters of a block.</param>
/// <param name="maxBlocks">Blocks at most; what follows is ignored.</param>
public sealed class PromptChain(int blockCharacters, int maxBlocks)
{
    // The hash of the block before, and the block.
    private readonly byte[] _input = new byte[sizeof(ulong) + (blockCharacters * sizeof(char))];
    private readonly List<ulong> _hashes = [];
    private int _filled;

    /// <summary>Whether there are as many blocks as are hashed at most.</summary>
    public bool IsFull => _hashes.Count == maxBlocks;

    /// <summary>The hashes so far.</summary>
    public ulong[] Hashes => [.. _hashes];

    /// <summary>Appends a part of the text.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        var block = MemoryMarshal.Cast<byte, char>(_input.AsSpan(sizeof(ulong)));
        while (text.Length > 0 && !IsFull)
        {
            var count = Math.Min(text.Length, blockCharacters - _filled);
            text[..count].CopyTo(block[_filled..]);
            text = text[count..];
            _filled += count;
            if (_filled < blockCharacters) return;
            var hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(_input));
            _hashes.Add(hash);
            BinaryPrimitives.WriteUInt64LittleEndian(_input, hash);
            _filled = 0;
        }
    }
}
