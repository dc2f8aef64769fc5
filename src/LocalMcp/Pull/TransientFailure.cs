using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LocalMcp.Pull;

/// <summary>A failure that may have passed when the same is tried again.</summary>
/// <param name="cause">What happened, as a phrase: <c>connection reset</c>.</param>
/// <param name="after">How long the server asks to wait; null when it does not say.</param>
internal sealed class TransientFailure(string cause, TimeSpan? after = null, Exception? inner = null) : Exception(cause, inner)
{
    public TimeSpan? After => after;

    /// <summary>Whether nobody was reached at all: most of the time the machine is offline, and another try a second later changes nothing.</summary>
    public bool Unreached { get; init; }

    /// <summary>The failure that an exception of the network is; null for one that no second try will mend.</summary>
    public static TransientFailure? Of(Exception failed) => failed switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new("no such host", inner: failed) { Unreached = true },
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(Cause(failed), inner: failed) { Unreached = true },
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded } => null,
        HttpRequestException or HttpIOException or SocketException => new(Cause(failed), inner: failed),
        IOException { InnerException: SocketException } => new(Cause(failed), inner: failed),
        _ => null,
    };

    /// <summary>The failure that an answer is: too many requests, or a server that is not well. Null for any other.</summary>
    public static TransientFailure? Of(HttpResponseMessage response, DateTimeOffset now) => response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        ? new TransientFailure(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}"), Wait(response, now))
        : null;

    // Hugging Face says it in RateLimit, as t=seconds, and not in Retry-After: https://huggingface.co/docs/hub/rate-limits.
    private static TimeSpan? Wait(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.RetryAfter is { } retry)
            return retry.Delta ?? (retry.Date is { } date && date > now ? date - now : TimeSpan.Zero);
        var parts = response.Headers.TryGetValues("RateLimit", out var limits) ? string.Join(';', limits).Split(';', StringSplitOptions.TrimEntries) : [];
        var reset = Array.Find(parts, part => part.StartsWith("t=", StringComparison.Ordinal));
        return reset is not null && int.TryParse(reset.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string Cause(Exception failed) => (failed as SocketException ?? failed.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.TimedOut => "timed out",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "the network is unreachable",
        { } other => other.ToString(),
        null when failed is HttpIOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection ended early",
        // The exception quotes what came, and that is for no terminal: control characters, or the token that was sent.
        null when failed is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "its answer is not HTTP",
        null => failed.GetBaseException().Message.TrimEnd('.'),
    };
}
