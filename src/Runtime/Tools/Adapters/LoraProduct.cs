using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Adapters;

namespace ArchGen.Tools.Adapters;

/// <summary>The product scale * B A of an adapted matrix, computed row by row when it is added.</summary>
internal sealed class LoraProduct
{
    private readonly float[] _a, _b;
    private readonly int _rank;
    private readonly long _columns, _rows;
    private readonly float _scale;

    public LoraProduct(LoraMatrices matrices)
    {
        (_a, _b) = (Floats(matrices.A), Floats(matrices.B));
        (_rank, _columns, _rows, _scale) = (matrices.Rank, matrices.A.Dimensions[0], matrices.B.Dimensions[1], matrices.Scale);
    }

    /// <summary>Adds the product to elements of the matrix, row-major; stacked matrices follow one another.</summary>
    /// <param name="first">The index of the first element, which begins a row.</param>
    /// <param name="elements">The elements of whole rows.</param>
    public void AddTo(long first, Span<float> elements)
    {
        var columns = (int)_columns;
        for (var row = first / _columns; elements.Length > 0; row++, elements = elements[columns..])
        {
            // In double precision, so that merging costs no more than storing the result.
            var matrix = row / _rows;
            for (var c = 0; c < columns; c++)
            {
                var sum = 0.0;
                for (var k = 0; k < _rank; k++) sum += (double)_b[(row * _rank) + k] * _a[(((matrix * _rank) + k) * _columns) + c];
                elements[c] = (float)(elements[c] + (_scale * sum));
            }
        }
    }

    private static unsafe float[] Floats(GgufTensor tensor)
    {
        var values = new float[checked((int)tensor.ElementCount)];
        fixed (float* destination = values) TensorFormats.Of(tensor.Type).Decoder.Decode(tensor.Pointer, destination, values.Length);
        return values;
    }
}
