namespace ArchGen.Server.Http;

/// <summary>What a request needs for an endpoint.</summary>
internal enum EndpointAccess
{
    /// <summary>A key; it counts for limits, ends before the server does, and is refused once the server stops.</summary>
    Work,

    /// <summary>A key. It is answered while the server stops, too.</summary>
    Monitoring,

    /// <summary>Nothing.</summary>
    Public,
}
