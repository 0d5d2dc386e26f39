namespace ArchGen.Server.Http;

/// <summary>Ends a request with an error that the library's own exceptions do not express, such as an unknown model.</summary>
/// <param name="error">The error.</param>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    /// <summary>The error.</summary>
    public ApiError Error => error;
}
