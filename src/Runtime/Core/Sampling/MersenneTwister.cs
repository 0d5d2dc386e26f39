namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The generator MT19937 (Matsumoto and Nishimura 1998) with the numbers that libstdc++'s distributions make of it, as C++ has it in <c>std::mt19937</c>.
/// llama.cpp uses these, so that a seed gives its text.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Size; i++) _state[i] = 1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30)) + (uint)i;
    }

    /// <summary>32 random bits.</summary>
    public uint Next()
    {
        if (_next == Size) Refill();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    /// <summary>From 0 inclusive to 1 exclusive, of two outputs: the first is the lower half.</summary>
    public double NextDouble()
    {
        double low = Next();
        var value = (low + Next() * 4294967296.0) * (1 / 18446744073709551616.0);
        return value < 1 ? value : Math.BitDecrement(1.0);
    }

    /// <summary>From 0 inclusive to 1 exclusive, of one output.</summary>
    public float NextSingle()
    {
        var value = Next() * (1 / 4294967296f);
        return value < 1 ? value : MathF.BitDecrement(1f);
    }

    private void Refill()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Shift) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DF);
        }

        _next = 0;
    }
}
