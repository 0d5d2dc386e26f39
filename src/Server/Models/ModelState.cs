namespace ArchGen.Server.Models;

/// <summary>What a model that is served is doing.</summary>
internal enum ModelState
{
    /// <summary>It is not open.</summary>
    Unloaded,

    /// <summary>It is being opened.</summary>
    Loading,

    /// <summary>It is open.</summary>
    Loaded,

    /// <summary>It is being closed.</summary>
    Unloading,

    /// <summary>It could not be opened; the next request tries again.</summary>
    Failed,
}
