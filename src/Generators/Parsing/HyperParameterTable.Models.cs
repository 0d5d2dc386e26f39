using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>What the hyper-parameters become: the model of those used, and what is said of the others.</summary>
internal sealed partial class HyperParameterTable
{
    /// <summary>The hyper-parameters used, each after those that its default reads.</summary>
    public IEnumerable<HyperParameterModel> Models()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var models = new List<HyperParameterModel>();
        foreach (var name in _declared.Keys.Where(_used.Contains)) Add(name);
        return models;

        void Add(string name)
        {
            if (!_declared.TryGetValue(name, out var declaration) || !done.Add(name)) return;
            var (property, attribute) = declaration;
            if (_defaultValues.TryGetValue(name, out var value))
            {
                var mentioned = new HashSet<string>(value.Identifiers(), StringComparer.Ordinal);
                foreach (var other in _declared.Keys.Where(k => k != name && mentioned.Contains(k)).ToList()) Add(other);
                foreach (var other in _derived.Where(d => mentioned.Contains(d.Key)).SelectMany(d => ReadBy(d.Value)).Where(k => k != name)) Add(other);
            }

            var source = Sources(name).FirstOrDefault(s => s.Class is null).Attribute?.Text(1) ?? attribute.Named<string>("Hf");
            models.Add(new HyperParameterModel(
                name, TypeName(property.Type), FileNames.Clean(attribute.Text()), SplitAlternatives(source)
                    .Select(FileNames.Clean).ToEquatable(), value,
                property.IsInSource() || property.ContainingType.TypeKind == TypeKind.Interface ? MemberModel.FieldOf(name) : name)
            {
                FirstDiffers = attribute.Named<bool>("FirstDiffers"),
            });
        }
    }

    /// <summary>
    /// What [Hf] says of a hyper-parameter's source in config.json: for each class of transformers and for all others, the nearest of the chain.
    /// </summary>
    public IEnumerable<(AttributeData Attribute, string? Class)> Sources(string name) =>
        _renamed[name].SelectMany(r => r.Named<string>("For") is { } classes ? SplitAlternatives(classes).Select(c => (r, (string?)c)) : [(r, null)])
            .GroupBy(s => s.Item2, StringComparer.Ordinal).Select(g => g.First());

    /// <summary>Those whose keys conversion writes, each GGUF key once, as the most derived class declares it.</summary>
    public IEnumerable<(IPropertySymbol Property, AttributeData Attribute)> Written() =>
        from declared in _declared.Values
        where _used.Contains(declared.Property.Name) || declared.Attribute.Named<bool>("Always")
        group declared by declared.Attribute.Text() into key
        select key.LastOrDefault(d => d.Attribute.Named<string>("Hf") is not null) is { Property: not null } sourced ? sourced : key.Last();

    /// <summary>Those used that a file must have and conversion cannot write, since nothing says where in config.json they stand.</summary>
    public IEnumerable<ISymbol> WithoutSource() =>
        from declared in _declared.Values
        let name = declared.Property.Name
        where declared.Property.IsInSource() && _used.Contains(name) && DefaultOf(name) is null && TypeName(declared.Property.Type) != "RopeScaling"
        where declared.Attribute.Named<string>("Hf") is null && !_renamed.Contains(name)
        where !_model.Attributes(KnownNames.Writes).Any(w => w.Text() == declared.Attribute.Text())
        where !_model.Chain().Any(t => t.Attributes(KnownNames.HfTensor).Any(h => h.Text() == name))
        select (ISymbol)declared.Property;

    /// <summary>Hyper-parameters that the architecture declares itself and nothing reads. A part that asks for one and is not called is reported.</summary>
    public IEnumerable<(string Name, Location Location)> Unread()
    {
        return from d in _declared
               where IsOwn(d.Value.Property) && !_used.Contains(d.Key) && !InterfaceMembers.IsAsked(_model, d.Key)
               select (d.Key, d.Value.Property.FirstLocation());
    }

    /// <summary>Hyper-parameters that the architecture declares with the key of another one, its own or one that it uses.</summary>
    public IEnumerable<(string Name, string Other, string Key, Location Location)> Twins() =>
        from declared in _declared.Values
        where IsOwn(declared.Property)
        let key = declared.Attribute.Text()
        let other = _declared.Values.TakeWhile(d => !SymbolEqualityComparer.Default.Equals(d.Property, declared.Property))
            .FirstOrDefault(d => d.Attribute.Text() == key && (IsOwn(d.Property) || _used.Contains(d.Property.Name)))
        where other.Property is not null
        select (declared.Property.Name, other.Property.Name, key, declared.Attribute.ArgumentLocation(0));
}
