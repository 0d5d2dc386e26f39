using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Properties: declared tensors, states and lists, hyper-parameters, and what is computed from them.</summary>
internal sealed partial class ForwardReader
{
    private Value ReadProperty(IOperation operation, IPropertySymbol property, IOperation? instance)
    {
        if (property.ContainingType.Is(KnownNames.TensorType))
        {
            if (property.Name == KnownNames.SequenceLength) return ReadSequenceLength(instance!);
            Report(Descriptors.DependsOnValues.At(operation.Syntax.GetLocation(), property.Name));
            return Value.Error;
        }

        if (property.Type.Is(KnownNames.RotaryEmbedding)) return ReadRotary(operation, property, instance);
        var owner = instance is null ? new SelfValue() : Read(instance);
        if (ReferenceEquals(owner, Value.Error)) return owner;
        switch (owner)
        {
            case RotaryValue rotary: return ReadOfRotary(operation, property.Name, rotary);
            case SelfValue: return ReadOwnProperty(operation, property);
            case TokensValue tokens when property.Name is "Positions" or "Segments":
                var ofTokens = new MemberExpression(new NameExpression(tokens.Variable), property.Name);
                return new TensorValue(new Shape(_frame.Tokens), ofTokens, $"{tokens.Variable}.{property.Name}", property.Name.ToLowerInvariant(),
                    isLocal: false);
            case BlockListValue list when property.IsIndexer && operation is IPropertyReferenceOperation { Arguments.Length: 1 } indexer
                && Read(indexer.Arguments[0].Value) is ScalarValue number:
                return new BlockValue(list.Declaration, new ElementExpression(new NameExpression(list.Declaration.Model.Property), number.Expression))
                {
                    Index = number.Expression,
                };
            case ScalarValue scalar when property.IsIndexer && IsByLayer(property.ContainingType)
                && operation is IPropertyReferenceOperation { Arguments.Length: 1 } ofLayer:
                return Read(ofLayer.Arguments[0].Value) is ScalarValue layer ? new ScalarValue(new ElementExpression(scalar.Expression, layer.Expression))
                    : Value.Error;
            case ScalarValue scalar:
                return new ScalarValue(new MemberExpression(scalar.Expression, property.Name));
            case BlockListValue list when property.Name == "Count":
                return new ScalarValue(new MemberExpression(new NameExpression(list.Declaration.Model.Property), "Count"));
            case BlockValue block when block.List.Kinds.Select(k => k.Tensors.TryGetValue(property.Name, out var t) ? t : null)
                .FirstOrDefault(t => t is not null) is { } tensor:
                Use(tensor.Property);
                var isForeign = block.Variable is null || !_frame.OpenLoops.Contains(block.Variable);
                return new ModuleValue(tensor, new MemberExpression(block.Expression, property.Name))
                {
                    MayBeAbsent = tensor.Model.Optional,
                    IsForeign = isForeign,
                    Index = block.Index,
                };
            default:
                NotAllowed(operation, $"'{property.Name}' is neither a tensor, a hyper-parameter nor something computed from them");
                return Value.Error;
        }
    }

    private static bool IsByLayer(INamedTypeSymbol type) => type.Is(KnownNames.LayerPattern) || type.Is(KnownNames.PerLayer);

    /// <summary>The length of the run that the graph is built for, which every tensor knows; the trained one unless the run says.</summary>
    private Value ReadSequenceLength(IOperation tensor)
    {
        if (ReferenceEquals(Read(tensor), Value.Error)) return Value.Error;
        hyperParameters.Use(KnownNames.ContextLength);
        return new ScalarValue(new MemberExpression(new NameExpression("g"), KnownNames.SequenceLength));
    }

    private Value ReadOwnProperty(IOperation operation, IPropertySymbol property)
    {
        var name = property.Name;
        if (!IsReachable(property)) return Value.Error;
        if (_frame.Self.Tensors.TryGetValue(name, out var tensor) || root.Tensors.TryGetValue(name, out tensor))
        {
            Use(tensor.Property);
            return new ModuleValue(tensor, new NameExpression(name)) { MayBeAbsent = tensor.Model.Optional };
        }

        if (_frame.Self.States.TryGetValue(name, out var state))
        {
            Use(state.Property);
            return new StateValue(state);
        }

        if (_frame.Self.Caches.TryGetValue(name, out var cache) || root.Caches.TryGetValue(name, out cache))
        {
            Use(cache.Property);
            return new CacheValue(cache);
        }

        if (_frame.Self.Lists.TryGetValue(name, out var list)) return new BlockListValue(list);
        if (property.ContainingType.TypeKind == TypeKind.Interface)
        {
            if (InterfaceMembers.Member(_frame.Self.Type, name) is { } member) property = member;
            // What nothing implements the compiler reports.
            else if (property.IsAbstract) return Refused();
        }

        var isTheModels = ForwardedMembers.Contains(property) || property.ContainingType.DerivesFrom(KnownNames.Model);
        if (isTheModels && hyperParameters.Resolve(name) is { } dim) return new ScalarValue(new NameExpression(name), dim);
        if (HyperParameterTable.IsDerivedScalar(property)) return new ScalarValue(new NameExpression(name), hyperParameters.ResolveDerived(property));
        if (name == "Index" && property.ContainingType.Is(KnownNames.Block)) return new ScalarValue(new NameExpression(name));

        if (property.Attribute(KnownNames.Tensor) is not null)
        {
            Report(Descriptors.ForeignTensor.At(operation.Syntax.GetLocation(),
                $"'{name}' is a tensor of {property.ContainingType.Name}, but the pass that runs here is that of {_frame.Self.Type.Name}",
                $"declare it in {_frame.Self.Type.Name}, or use it in {property.ContainingType.Name}"));
            return Value.Error;
        }

        // A property that computes a tensor, such as one over optional parts, is a helper without parameters.
        NotAllowed(operation, $"'{name}' is neither a tensor, a hyper-parameter nor something computed from them");
        return Value.Error;
    }

    private Value Refused()
    {
        _isReported = true;
        return Value.Error;
    }

    private void Use(IPropertySymbol member)
    {
        _used.Add(member.OriginalDefinition);
        _usedBy.Add((_frame.Self, member.Name));
    }
}
