namespace ArchGen.Packages.Tests;

/// <summary>The tests that share the packages: one pack, one program.</summary>
[CollectionDefinition(nameof(PackedPackages))]
public sealed class PackedPackagesCollection : ICollectionFixture<PackedPackages>;
