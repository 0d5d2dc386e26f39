using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Declared caches: attentions write them, and later ones read them.</summary>
internal sealed partial class ForwardReader
{
    /// <summary>The operands of attention that a cache holds.</summary>
    private static readonly int CacheKeys = OpTable.Of(Op.Attention).IndexOf(Slot.Key), CacheValues = OpTable.Of(Op.Attention).IndexOf(Slot.Value);

    /// <summary>The uses of declared caches in the order of reading.</summary>
    private readonly List<CacheUse> _cacheUses = [];

    /// <summary>The loops over blocks that are being read, from the outermost.</summary>
    private readonly List<int> _loops = [];
    private int _loopCount;

    /// <summary>
    /// Reads the cache of an attention, if it has a declared one: checks what is written to it, and takes keys and values that are read from its declaration.
    /// False if something was reported.
    /// </summary>
    private bool ReadCache(OperationCall call)
    {
        if (call.Arguments.FirstOrDefault(a => a.Value is CacheValue) is not { Value: CacheValue cache, Place: var at }) return true;
        var isWritten = call.Shapes[CacheKeys] is not null;
        _cacheUses.Add(new CacheUse(cache.Declaration, isWritten, at, [.. _loops]));
        if (!isWritten)
        {
            call.Shapes[CacheKeys] = new Shape([_frame.Tokens, .. cache.Declaration.Keys]);
            call.Shapes[CacheValues] = new Shape([_frame.Tokens, .. cache.Declaration.Values]);
            call.Places[CacheKeys] = call.Places[CacheValues] = at;
            return true;
        }

        if (call.Arguments.FirstOrDefault(a => a.Parameter.Name == "mask").Value is { } mask && ExpressionOf(mask) is not MemberExpression { Member: "Causal" })
        {
            NotAllowed(call.Place, "only a causal attention has a cache: tokens that see later ones are computed all at once");
            return false;
        }

        return Fits(call, CacheKeys, cache.Declaration, cache.Declaration.Keys, "keys")
            && Fits(call, CacheValues, cache.Declaration, cache.Declaration.Values, "values");
    }

    /// <summary>Whether what is written to a cache has the declared shape; reports another.</summary>
    private bool Fits(OperationCall call, int slot, CacheDeclaration cache, Shape declared, string what)
    {
        var found = new Shape([.. call.Shapes[slot]!.Skip(1)]);
        if (found.Equals(declared)) return true;
        var place = (call.Places[slot] ?? call.Place).Syntax.GetLocation();
        ReportOfTensor(Descriptors.ShapeMismatch, place, null, isAtFault: false,
            $"the cache '{cache.Property.Name}' is declared for {what} {declared}, and is given {found}");
        return false;
    }

    /// <summary>
    /// Reports each cache that is read where no attention can have written it: none does, or only later ones. An earlier pass of a common loop may have written
    /// the model's caches.
    /// </summary>
    private void ReportUnwritten()
    {
        if (_isReported) return;
        for (var i = 0; i < _cacheUses.Count; i++)
        {
            var read = _cacheUses[i];
            if (read.IsWritten || _cacheUses.Where(IsBefore).Any()) continue;
            var name = read.Cache.Property.Name;
            var isWritten = _cacheUses.Any(w => w.IsWritten && w.Cache == read.Cache);
            reporter(Descriptors.CacheUnwritten.At(read.Place.Syntax.GetLocation(), name,
                isWritten ? "only later attentions write it" : "no attention writes it"));

            bool IsBefore(CacheUse write, int at) =>
                write.IsWritten && write.Cache == read.Cache && (at < i || (root.Caches.ContainsValue(read.Cache) && write.Loops.Intersect(read.Loops).Any()));
        }
    }

    private sealed record CacheUse(CacheDeclaration Cache, bool IsWritten, IOperation Place, IReadOnlyList<int> Loops);
}
