using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using ArchGen.Fixtures;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>
/// Makes a valid value of any type: from <see cref="Factories"/>, or else by a constructor, with values for what that takes. One for each call.
/// </summary>
internal sealed class Values : IDisposable
{
    private readonly Dictionary<Type, object> _made = [];
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<Type> _open = [];

    /// <summary>A file name in a folder of this call.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>The value of a type, the same at each call; null if none can be made.</summary>
    public T Get<T>() where T : class => (T)Find(typeof(T))!;

    /// <summary>A value for a parameter; null if none can be made or the parameter may be null.</summary>
    public object? For(ParameterInfo parameter) => parameter.HasDefaultValue && parameter.DefaultValue is null
        ? parameter.ParameterType is { IsValueType: true } type && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null
        : parameter.ParameterType == typeof(string) ? Text(parameter.Name!) : Find(parameter.ParameterType);

    /// <summary>A value of a type, or null.</summary>
    public object? Find(Type type)
    {
        if (type.IsByRefLike) type = type.GetGenericArguments()[0].MakeArrayType();
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (_made.TryGetValue(type, out var made)) return made;
        if (!_open.Add(type)) return null;
        try
        {
            var value = Make(type);
            if (value is not null) _made[type] = value;
            return value;
        }
        finally
        {
            _open.Remove(type);
        }
    }

    public void Dispose()
    {
        foreach (var value in _made.Values.OfType<IDisposable>().Reverse())
        {
            try
            {
                value.Dispose();
            }
            catch (ObjectDisposedException)
            {
            }
        }

        _folder.Dispose();
    }

    private string Text(string name) => name.ToUpperInvariant() is "PATH" or "FILE" or "TARGET" or "SOURCEFILE" ? Factories.ModelFile(this)
        : name.ToUpperInvariant() is "FOLDER" or "PREFIX" ? File("folder") : name == "kind" ? "normal" : "text";

    private object? Make(Type type)
    {
        if (Factories.All.TryGetValue(type, out var factory)) return factory(this);
        if (type == typeof(string)) return "text";
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type.IsPrimitive) return type == typeof(bool) ? false : type == typeof(nint) ? (nint)0 : Convert.ChangeType(1, type, null);
        if (type.IsArray) return OneItem(type.GetElementType()!);
        if (typeof(Delegate).IsAssignableFrom(type)) return Function(type);
        if (type.IsGenericType && type.GetGenericArguments() is [var item])
        {
            var array = item.MakeArrayType();
            if (type.IsAssignableFrom(array)) return OneItem(item);
            if (type.GetGenericTypeDefinition() == typeof(List<>)) return Activator.CreateInstance(type);
            if (type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>)) return Activator.CreateInstance(type, OneItem(item));
        }

        var derived = type.IsAbstract ? PublicMembers.Types.FirstOrDefault(other => !other.IsAbstract && type.IsAssignableFrom(other)) : type;
        return derived is null ? null : derived == type ? Construct(type) : Find(derived);
    }

    private Array? OneItem(Type item)
    {
        if (Find(item) is not { } value) return null;
        var array = Array.CreateInstance(item, 1);
        array.SetValue(value, 0);
        return array;
    }

    /// <summary>A function that does nothing and returns a value.</summary>
    private Delegate? Function(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var result = invoke.ReturnType == typeof(void) ? null : Find(invoke.ReturnType);
        if (result is null && invoke.ReturnType != typeof(void)) return null;
        var body = result is null ? (Expression)Expression.Empty() : Expression.Convert(Expression.Constant(result), invoke.ReturnType);
        return Expression.Lambda(type, body, invoke.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))).Compile();
    }

    private object? Construct(Type type)
    {
        if (type.IsInterface || type.IsAbstract || !type.IsVisible) return null;
        if (type.IsValueType && type.GetConstructors().Length == 0) return Activator.CreateInstance(type);
        foreach (var constructor in type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length))
        {
            if (constructor.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)) continue;
            var arguments = constructor.GetParameters().Select(For).ToArray();
            if (constructor.GetParameters().Zip(arguments).Any(pair => pair.Second is null && !MayBeNull(pair.First))) continue;
            var value = constructor.Invoke(arguments);
            foreach (var property in type.GetProperties().Where(property => property.IsDefined(typeof(RequiredMemberAttribute))))
                property.SetValue(value, Find(property.PropertyType));
            return value;
        }

        return null;
    }

    /// <summary>Whether null is a value of a parameter.</summary>
    public static bool MayBeNull(ParameterInfo parameter) => parameter.ParameterType.IsValueType
        ? Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        : new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.NotNull;
}
