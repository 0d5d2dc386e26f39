using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.Integers.Formats;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.IQ4_NL;
using ArchGen.Formats.MXFP4;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Q4_0;
using ArchGen.Formats.Q4_1;
using ArchGen.Formats.Q4_K;
using ArchGen.Formats.Q5_0;
using ArchGen.Formats.Q5_1;
using ArchGen.Formats.Q5_K;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Cpu.Kernels;

/// <summary>The formats with faster products than the general ones. Others are unpacked to floats.</summary>
internal static unsafe class FormatKernelTable
{
    private static readonly FormatKernels General = new();

    private static readonly Dictionary<TensorType, FormatKernels> Table = new()
    {
        [TensorType.F16] = new()
        {
            Dots = () => new Float16DotBody(TensorType.F16, hasHalfActivations: false),
            HalfDots = () => new Float16DotBody(TensorType.F16, hasHalfActivations: true),
            Dots256 = () => new Float16DotBody256(TensorType.F16),
            MaxTokens = 12,
        },
        [TensorType.BF16] = new()
        {
            Dots = () => new Float16DotBody(TensorType.BF16, hasHalfActivations: false),
            Dots256 = () => new Float16DotBody256(TensorType.BF16),
            MaxTokens = 12,
        },
        [TensorType.Q4_0] = new()
        {
            Int16Rows = () => new Int16RowProduct<Q4_0Int16>(),
            Integers = () => new Blocks32Integers(TensorType.Q4_0, Offsets.Of<Q4_0Block>(b => b->Quants)) { NumberOffset = 8 },
            Dots = () => new Q4_0DotBody(),
            DotsLayout = Q4_0DotBody.Layout,
            MaxTokens = 28,
        },
        [TensorType.Q8_0] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Q8_0Int16>>>(),
            Integers = () => new Q8_0Integers(),
            Dots = () => new Q8_0DotBody(),
            DotsLayout = Q8_0DotBody.Layout,
            MaxTokens = 20,
        },
        [TensorType.Q4_1] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Q4_1Int16>>>(),
            Integers = () => new Blocks32Integers(TensorType.Q4_1, Offsets.Of<Q4_1Block>(b => b->Quants)) { HasMinimum = true },
        },
        [TensorType.Q5_0] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Q5_0Int16>>>(),
            Integers = () => new Blocks32Integers(TensorType.Q5_0, Offsets.Of<Q5_0Block>(b => b->Quants))
            {
                FifthBitsOffset = Offsets.Of<Q5_0Block>(b => b->FifthBits),
                NumberOffset = 16,
            },
            NeedsVbmi = true,
        },
        [TensorType.Q5_1] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Q5_1Int16>>>(),
            Integers = () => new Blocks32Integers(TensorType.Q5_1, Offsets.Of<Q5_1Block>(b => b->Quants))
            {
                HasMinimum = true,
                FifthBitsOffset = Offsets.Of<Q5_1Block>(b => b->FifthBits),
            },
            NeedsVbmi = true,
        },
        [TensorType.IQ4_NL] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Iq4NlInt16>>>(),
            Integers = () => new Blocks32Integers(TensorType.IQ4_NL, Offsets.Of<IQ4_NLBlock>(b => b->Quants)) { Levels = NonlinearLevels.Bytes },
        },
        [TensorType.MXFP4] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfBytes<Int16BlocksOf32<Mxfp4Int16>>>(),
            Integers = () => new Blocks32Integers(TensorType.MXFP4, Offsets.Of<MXFP4Block>(b => b->Quants))
            {
                Levels = DoubledE2M1Levels.Bytes,
                HasExponent = true,
            },
            NeedsVbmi = true,
        },
        [TensorType.Q2_K] = new() { Int16Rows = () => new Int16RowProduct<OfVectors<Q2KInt16>>(), Integers = () => new Q2KIntegers() },
        [TensorType.Q3_K] = new() { Int16Rows = () => new Int16RowProduct<OfVectors<Q3KInt16>>(), Integers = () => new Q3KIntegers() },
        [TensorType.Q4_K] = new()
        {
            Int16Rows = () => new Int16RowProduct<Q4KInt16>(),
            Integers = () => new SixBitScaleIntegers(TensorType.Q4_K, Offsets.Of<Q4_KBlock>(b => b->GroupScales), Offsets.Of<Q4_KBlock>(b => b->Quants)),
        },
        [TensorType.Q5_K] = new()
        {
            Int16Rows = () => new Int16RowProduct<OfVectors<Q5KInt16>>(),
            Integers = () => new SixBitScaleIntegers(TensorType.Q5_K, Offsets.Of<Q5_KBlock>(b => b->GroupScales), Offsets.Of<Q5_KBlock>(b => b->Quants))
            {
                FifthBitsOffset = Offsets.Of<Q5_KBlock>(b => b->FifthBits),
            },
        },
        [TensorType.Q6_K] = new() { Int16Rows = () => new Int16RowProduct<OfVectors<Q6KInt16>>(), Integers = () => new Q6KIntegers() },
        [TensorType.IQ4_XS] = new() { Int16Rows = () => new Int16RowProduct<OfBytes<Iq4XsInt16>>(), Integers = () => new Iq4XsIntegers() },
        [TensorType.NVFP4] = new() { Integers = () => new Nvfp4Integers() },
        [TensorType.TQ1_0] = new() { Integers = () => new Tq1Integers() },
        [TensorType.TQ2_0] = new() { Integers = () => new Tq2Integers() },
        [TensorType.IQ1_S] = Codebook(() => new Iq1SIntegers()),
        [TensorType.IQ1_M] = Codebook(() => new Iq1MIntegers()),
        [TensorType.IQ2_XXS] = Codebook(() => new Iq2XxsIntegers()),
        [TensorType.IQ2_XS] = Codebook(() => new Iq2XsIntegers()),
        [TensorType.IQ2_S] = Codebook(() => new Iq2SIntegers()),
        [TensorType.IQ3_XXS] = Codebook(() => new Iq3XxsIntegers()),
        [TensorType.IQ3_S] = Codebook(() => new Iq3SIntegers()),
    };

    /// <summary>The kernels of a type.</summary>
    public static FormatKernels Of(TensorType type) => Table.GetValueOrDefault(type, General);

    // Entries are looked up one by one, which takes longer than multiplying them.
    private static FormatKernels Codebook(Func<IntegerFormat> integers) => new() { Integers = integers, NeedsVbmi = true, MaxTokens = 12 };
}
