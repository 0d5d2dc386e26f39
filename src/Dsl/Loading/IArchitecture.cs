namespace ArchGen;

/// <summary>
/// A class that declares an architecture: its facts belong to the type, so that generic code needs no instance and no reflection. Generated for each class
/// with <see cref="ArchitectureAttribute"/>.
/// </summary>
public interface IArchitecture
{
    /// <summary>The facts of this architecture that need no model file.</summary>
    static abstract ArchitectureInfo Info { get; }
}
