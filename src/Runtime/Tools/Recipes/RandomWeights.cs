using System.Text;

namespace ArchGen.Tools.Recipes;

/// <summary>The weights of a recipe, computed from name and seed instead of being stored: FNV-1a, SplitMix64 and a sum of four uniform numbers.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class RandomWeights
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly string _kind;
    private readonly double _mean;
    private readonly double _deviation;
    private readonly ulong _start;

    /// <param name="name">Tensor name.</param>
    /// <param name="seed">Seed of the recipe.</param>
    /// <param name="kind">"normal", "one_plus_abs", "negative", "ones", or whole numbers: "bytes" from 0 to 255, "range" from the mean on, "gidx": the
    /// number of the group of "deviation" elements, "bits": any of 32 bits, see <see cref="Bits"/>.</param>
    /// <param name="mean">Mean of "normal", minimum of "range".</param>
    /// <param name="deviation">Standard deviation of the normal number, number of values of "range", elements of a group of "gidx".</param>
    /// <exception cref="ArgumentException">There is no rule of this name.</exception>
    public RandomWeights(string name, ulong seed, string kind, double mean, double deviation)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong hash = 1469598103934665603;
        foreach (var c in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ c) * 1099511628211;
        _start = hash ^ (seed * Golden);
        _kind = IsKind(kind) ? kind : throw new ArgumentException($"unknown kind of weights: {kind}", nameof(kind));
        _mean = mean;
        _deviation = deviation;
    }

    /// <summary>Whether there is a rule of this name.</summary>
    public static bool IsKind(string kind) => kind is "normal" or "one_plus_abs" or "negative" or "bytes" or "range" or "ones" or "gidx" or "bits";

    /// <summary>Element <paramref name="i"/>, row-major, fastest dimension first.</summary>
    public float this[long i]
    {
        get
        {
            if (_kind == "negative")
                return (float)-(0.25 + 1.5 * Uniform(i, 0));
            if (_kind == "bytes")
                return (float)Math.Floor(256 * Uniform(i, 0));
            if (_kind == "ones")
                return 1;
            if (_kind == "gidx")
                return (float)Math.Floor(i / _deviation);
            if (_kind == "bits")
                return Bits(i);
            if (_kind == "range")
                return (float)(_mean + Math.Floor(_deviation * Uniform(i, 0)));
            var normal = Normal(i);
            return _kind == "normal" ? (float)(_mean + _deviation * normal) : (float)(1 + _deviation * Math.Abs(normal));
        }
    }

    /// <summary>The number of mean 0 and deviation 1 that element <paramref name="i"/> of "normal" and "one_plus_abs" is made of.</summary>
    internal double Normal(long i) => (Uniform(i, 0) + Uniform(i, 1) + Uniform(i, 2) + Uniform(i, 3) - 2.0) * 1.7320508075688772;

    /// <summary>Element <paramref name="i"/> of "bits": four random bytes, the first lowest.</summary>
    public int Bits(long i) => Byte(i, 0) | (Byte(i, 1) << 8) | (Byte(i, 2) << 16) | (Byte(i, 3) << 24);

    private int Byte(long i, int j) => (int)(256 * Uniform(i, j));

    private double Uniform(long i, int j) => (Mix(_start + ((4 * (ulong)i + (ulong)j + 1) * Golden)) >> 40) / 16777216.0;

    private static ulong Mix(ulong z)
    {
        z ^= z >> 30;
        z *= 0xBF58476D1CE4E5B9;
        z ^= z >> 27;
        z *= 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
