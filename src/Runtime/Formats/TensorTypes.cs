namespace ArchGen.Formats;

/// <summary>The facts of tensor types, and the parser of their names.</summary>
public static class TensorTypes
{
    /// <summary>Every known type, in the order of its number.</summary>
    public static IEnumerable<TensorType> All => TensorFormats.All.Select(format => format.Type).Order();

    extension(TensorType type)
    {
        /// <summary>Whether the number is a type that files may hold.</summary>
        public bool IsKnown => TensorFormats.Find(type) is not null;

        /// <summary>The name used by ggml, such as "q4_K".</summary>
        public string Name => TensorFormats.Find(type)?.Name ?? $"type {(uint)type}";

        /// <summary>Elements per block; 1 for types without blocks.</summary>
        public int BlockSize => TensorFormats.Of(type).BlockSize;

        /// <summary>Bytes per block; bytes per element for types without blocks.</summary>
        public int BytesPerBlock => TensorFormats.Of(type).BytesPerBlock;

        /// <summary>Whether elements share a scale within a block.</summary>
        public bool IsQuantized => TensorFormats.Of(type).IsQuantized;

        /// <summary>Bytes of a number of consecutive elements, a multiple of the block size.</summary>
        public long ByteLength(long elements) => TensorFormats.Of(type).ByteLength(elements);
    }

    /// <summary>Finds the type of that name, in any case.</summary>
    public static bool TryParse(string name, out TensorType type)
    {
        var found = TensorFormats.All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        type = found?.Type ?? default;
        return found is not null;
    }
}
