namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The order of the integers of 256 weights in tiles, and of their activations: a permutation of 64 groups of four. Four stay
/// together in every <see cref="IntegerOrder"/> of bytes.
/// </summary>
internal static unsafe class TileOrder
{
    private const int Four = 4, Places = IntegerActivations.BlockSize / Four, PlacesOfPart = Places / 4;

    /// <summary>The order for an order of bytes, for integers that are split into bytes again, or for whole ones.</summary>
    public static byte[] Of(IntegerOrder order, bool isSplit)
    {
        var places = new byte[Places];
        for (var i = 0; i < places.Length; i++)
        {
            // Of each 128 bits of a part's bytes the first eight come first, as whole integers, then the others.
            int part = i / PlacesOfPart, inPart = isSplit ? i % PlacesOfPart : (i % 8 / 2 * 4) + (i % PlacesOfPart / 8 * 2) + (i % 2);
            places[i] = (byte)(order switch
            {
                IntegerOrder.BytesOf32 => (inPart / 2 * 8) + (2 * part) + (inPart % 2),
                IntegerOrder.BytesOf16 => (IntegerActivations.LaneOf16(inPart) * 4) + part,
                _ => (PlacesOfPart * part) + inPart,
            });
        }

        return places;
    }

    /// <summary>
    /// Permutes a token's integers, or their bytes: <paramref name="count"/> of them, four in each <typeparamref name="TFour"/>.
    /// </summary>
    public static void Arrange<TFour>(TFour* source, byte[] places, int count, TFour* target) where TFour : unmanaged
    {
        for (var end = source + (count / Four); source < end; source += Places, target += Places)
            for (var i = 0; i < places.Length; i++) target[i] = source[places[i]];
    }
}
