// What the compiler needs for init setters on netstandard2.0.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;
