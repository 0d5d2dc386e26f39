namespace ArchGen.Gguf;

/// <summary>What is fixed for each tensor type: name, block size and bytes per block (block layouts of ggml-common.h).</summary>
public static class TensorTypes
{
    private static readonly Facts[] Table = BuildTable();

    /// <summary>Every known type, in the order of its number.</summary>
    public static IEnumerable<TensorType> All => Table.Select((facts, id) => (facts, id)).Where(t => t.facts.BlockSize > 0).Select(t => (TensorType)t.id);

    extension(TensorType type)
    {
        /// <summary>Whether the number stands for a type that files may hold.</summary>
        public bool IsKnown => (uint)type < (uint)Table.Length && Table[(int)type].BlockSize > 0;

        /// <summary>The name used by ggml, such as "q4_K".</summary>
        public string Name => type.IsKnown ? Table[(int)type].Name : $"type {(uint)type}";

        /// <summary>Elements per block; 1 for types without blocks.</summary>
        public int BlockSize => Table[(int)type].BlockSize;

        /// <summary>Bytes per block; bytes per element for types without blocks.</summary>
        public int BytesPerBlock => Table[(int)type].BytesPerBlock;

        /// <summary>Whether elements share a scale within a block.</summary>
        public bool IsQuantized => Table[(int)type].BlockSize > 1;

        /// <summary>Bytes of so many consecutive elements; the number must be a multiple of the block size.</summary>
        public long ByteLength(long elements) => elements / Table[(int)type].BlockSize * Table[(int)type].BytesPerBlock;
    }

    /// <summary>Finds the type of that name, in any case.</summary>
    public static bool TryParse(string name, out TensorType type)
    {
        var id = Array.FindIndex(Table, facts => facts.BlockSize > 0 && facts.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        type = (TensorType)Math.Max(id, 0);
        return id >= 0;
    }

    private static Facts[] BuildTable()
    {
        var table = new Facts[(int)TensorType.Q2_0 + 1];
        void Add(TensorType type, string name, int blockSize, int bytesPerBlock) => table[(int)type] = new(name, blockSize, bytesPerBlock);

        Add(TensorType.F32, "f32", 1, 4);
        Add(TensorType.F16, "f16", 1, 2);
        Add(TensorType.BF16, "bf16", 1, 2);
        Add(TensorType.F64, "f64", 1, 8);
        Add(TensorType.I8, "i8", 1, 1);
        Add(TensorType.I16, "i16", 1, 2);
        Add(TensorType.I32, "i32", 1, 4);
        Add(TensorType.I64, "i64", 1, 8);
        Add(TensorType.Q4_0, "q4_0", 32, 2 + 16);
        Add(TensorType.Q4_1, "q4_1", 32, 2 + 2 + 16);
        Add(TensorType.Q5_0, "q5_0", 32, 2 + 4 + 16);
        Add(TensorType.Q5_1, "q5_1", 32, 2 + 2 + 4 + 16);
        Add(TensorType.Q8_0, "q8_0", 32, 2 + 32);
        Add(TensorType.Q8_1, "q8_1", 32, 2 + 2 + 32);
        Add(TensorType.Q2_K, "q2_K", 256, 16 + 64 + 2 + 2);
        Add(TensorType.Q3_K, "q3_K", 256, 32 + 64 + 12 + 2);
        Add(TensorType.Q4_K, "q4_K", 256, 2 + 2 + 12 + 128);
        Add(TensorType.Q5_K, "q5_K", 256, 2 + 2 + 12 + 32 + 128);
        Add(TensorType.Q6_K, "q6_K", 256, 128 + 64 + 16 + 2);
        Add(TensorType.Q8_K, "q8_K", 256, 4 + 256 + 32);
        Add(TensorType.IQ2_XXS, "iq2_xxs", 256, 2 + 64);
        Add(TensorType.IQ2_XS, "iq2_xs", 256, 2 + 64 + 8);
        Add(TensorType.IQ2_S, "iq2_s", 256, 2 + 64 + 8 + 8);
        Add(TensorType.IQ3_XXS, "iq3_xxs", 256, 2 + 96);
        Add(TensorType.IQ3_S, "iq3_s", 256, 2 + 64 + 8 + 32 + 4);
        Add(TensorType.IQ1_S, "iq1_s", 256, 2 + 32 + 16);
        Add(TensorType.IQ1_M, "iq1_m", 256, 32 + 16 + 8);
        Add(TensorType.IQ4_NL, "iq4_nl", 32, 2 + 16);
        Add(TensorType.IQ4_XS, "iq4_xs", 256, 2 + 2 + 4 + 128);
        Add(TensorType.TQ1_0, "tq1_0", 256, 48 + 4 + 2);
        Add(TensorType.TQ2_0, "tq2_0", 256, 64 + 2);
        Add(TensorType.MXFP4, "mxfp4", 32, 1 + 16);
        Add(TensorType.NVFP4, "nvfp4", 64, 4 + 32);
        Add(TensorType.Q1_0, "q1_0", 128, 2 + 16);
        Add(TensorType.Q2_0, "q2_0", 64, 2 + 16);
        return table;
    }

    private readonly record struct Facts(string Name, int BlockSize, int BytesPerBlock);
}
