using System.Runtime.CompilerServices;

namespace ArchGen.Gguf.Checkpoints.Quantized;

/// <summary>
/// GPTQ's 4-bit weights (arXiv:2210.17323): eight inputs in an I32 of <c>qweight</c> [in/8, out], eight outputs in one of <c>qzeros</c> [groups, out/8],
/// <c>scales</c> [groups, out], and the group of each input in <c>g_idx</c>. It reads as [out, in].
/// </summary>
internal sealed unsafe class GptqTensor : CheckpointTensor
{
    private readonly StoredTensor _weights;
    private readonly float[] _scales;
    private readonly int[] _zeros, _groups;
    private readonly long _inputs, _outputs;

    /// <param name="isZeroLessOne">Whether zero points are stored less one, as the format's first version has them.</param>
    public GptqTensor(string name, StoredTensor weights, StoredTensor zeros, StoredTensor scales, StoredTensor groups, bool isZeroLessOne)
        : base(name, CheckpointType.Quantized, [weights.Shape[1], groups.ElementCount], [weights.Name, zeros.Name, scales.Name, groups.Name], weights.Place)
    {
        (_weights, _outputs, _inputs) = (weights, Shape[0], Shape[1]);
        var count = scales.Shape[0];
        if (weights.Shape[0] * 8 != _inputs || scales.ElementCount != count * _outputs || zeros.ElementCount != count * _outputs / 8)
            throw new ModelFileException($"{Place}: {weights}, {zeros}, {scales} and {groups} do not fit together. Download the checkpoint again.");
        _scales = new float[scales.ElementCount];
        scales.Read(0, _scales);
        _zeros = new int[count * _outputs];
        for (var i = 0; i < _zeros.Length; i++) _zeros[i] = Nibble(zeros, i / 8, i % 8) + (isZeroLessOne ? 1 : 0);
        var indices = new float[_inputs];
        groups.Read(0, indices);
        _groups = Array.ConvertAll(indices, g => g >= 0 && g < count ? (int)g : throw new ModelFileException($"{Place}: {groups} names the group {g}, "
            + $"expected 0 to {count - 1}. Download the checkpoint again."));
    }

    private protected override void ReadElements(long first, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var (output, input) = Math.DivRem(first + i, _inputs);
            var at = (_groups[input] * _outputs) + output;
            destination[i] = _scales[at] * (Nibble(_weights, (input / 8 * _outputs) + output, (int)(input % 8)) - _zeros[at]);
        }
    }

    private static int Nibble(StoredTensor packed, long word, int place) =>
        (int)((Unsafe.ReadUnaligned<uint>(packed.Pointer + (4 * word)) >> (4 * place)) & 15);
}
