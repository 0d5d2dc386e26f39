namespace ArchGen.Runtime.Planning;

/// <summary>Cosines and sines of a rotary embedding, computed in double precision: a device's sine of a large angle is inexact.</summary>
/// <param name="frequencies">The angle of each pair per position. Read once, so that the factors need not stay.</param>
internal sealed unsafe class RopeAngles(RopeFrequencies frequencies)
{
    private readonly double[] _frequencies = [.. Enumerable.Range(0, frequencies.Pairs).Select(frequencies.Frequency)];
    private readonly double _magnitude = frequencies.Magnitude;

    /// <summary>Writes the cosines of each position, then its sines.</summary>
    /// <param name="positions">The positions.</param>
    /// <param name="begin">The first row to write.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="table">The rows, [positions, 2, pairs].</param>
    public void Write(int* positions, int begin, int end, float* table)
    {
        var pairs = _frequencies.Length;
        for (var row = begin; row < end; row++)
        {
            var cosines = table + (2L * row * pairs);
            for (var i = 0; i < pairs; i++)
            {
                var (sine, cosine) = Math.SinCos(positions[row] * _frequencies[i]);
                cosines[i] = (float)(cosine * _magnitude);
                cosines[pairs + i] = (float)(sine * _magnitude);
            }
        }
    }
}
