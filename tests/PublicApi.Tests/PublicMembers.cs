using System.Reflection;
using System.Runtime.CompilerServices;

namespace ArchGen.PublicApi.Tests;

/// <summary>What the assemblies of src show to others.</summary>
internal static class PublicMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The assemblies that a program refers to.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        typeof(ArchGenException).Assembly, typeof(Formats.TensorType).Assembly, typeof(Gguf.GgufFile).Assembly, typeof(Tokenizers.Tokenizer).Assembly,
        typeof(Runtime.Generation.LoadedModel).Assembly, typeof(ArchGen.Cpu.Execution.CpuBackend).Assembly, typeof(ArchGen.Eager.EagerBackend).Assembly,
        typeof(Vulkan.Execution.VulkanBackend).Assembly, typeof(Templates.Template).Assembly, typeof(Grammars.CompiledGrammar).Assembly,
        typeof(Chat.Conversations.ChatEngine).Assembly, typeof(Tools.Conversion.ConversionPlan).Assembly, typeof(Extensions.AI.ArchGenService).Assembly,
        typeof(Server.ServerOptions).Assembly, typeof(CommandLine.Archgen).Assembly, typeof(Testing.TestedModel).Assembly,
    ];

    /// <summary>Their public types but enums, delegates, interfaces, attributes and exceptions.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => (type.IsClass || type.IsValueType) && !type.IsEnum
            && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Attribute).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type is not { IsGenericTypeDefinition: true }
            && !type.Name.Contains('<')).OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Constructors, methods and setters of a type that take something. What the compiler adds to a record is left out.</summary>
    public static IEnumerable<MethodBase> Taking(Type type)
    {
        IEnumerable<MethodBase> all = type.IsAbstract ? [] : type.GetConstructors();
        all = all.Concat(type.GetMethods(Declared).Where(method => !method.IsAbstract && !method.IsGenericMethodDefinition));
        return all.Where(member => member.GetParameters().Length > 0 && !IsOfRecord(member) && !member.GetParameters().Any(IsRaw));
    }

    private static bool IsOfRecord(MethodBase member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) && !member.Name.StartsWith("set_", StringComparison.Ordinal)
        || member.Name is "Equals" or "Deconstruct" or "PrintMembers" or "op_Equality" or "op_Inequality" or "GetHashCode" or "<Clone>$";

    /// <summary>Pointers are the caller's own risk. A reference to a reader is no value that a test can make.</summary>
    private static bool IsRaw(ParameterInfo parameter) =>
        parameter.ParameterType.IsPointer || parameter.ParameterType.IsByRef && !parameter.IsOut
        || parameter.ParameterType.IsByRefLike && !parameter.ParameterType.IsGenericType;

    /// <summary>The member as a message names it.</summary>
    public static string NameOf(MethodBase member) =>
        $"{member.DeclaringType!.Name}.{member.Name}({string.Join(", ", member.GetParameters().Select(parameter => parameter.Name))})";
}
