namespace ArchGen.Gguf.Checkpoints;

/// <summary>The 8-bit floats of "OCP 8-bit Floating Point Specification (OFP8)", section 5.</summary>
internal static class Float8
{
    /// <summary>Sign, 4 bits of exponent with bias 7, 3 of fraction; no infinities, NaN is all ones.</summary>
    public static float FromE4M3(byte bits)
    {
        var (exponent, fraction) = ((bits >> 3) & 15, bits & 7);
        var magnitude = (exponent, fraction) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(fraction, -9),
            _ => MathF.ScaleB(8 + fraction, exponent - 10),
        };
        return (bits & 128) == 0 ? magnitude : -magnitude;
    }

    /// <summary>Sign, 5 bits of exponent with bias 15, 2 of fraction: the upper half of an IEEE half.</summary>
    public static float FromE5M2(byte bits) => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));
}
