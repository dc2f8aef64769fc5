using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>
/// HTTP to Hugging Face and to where it sends us. Redirects are followed here, not by the handler, which would follow them anywhere and take
/// the token off even for a redirect within the same host. The token is in no message.
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 10;
    private const int LongestText = 64 * 1024 * 1024;

    /// <summary>How long nothing may come before a connection counts as dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private readonly HttpClient client;
    private readonly TimeProvider clock;

    public HubConnection(HubAddress address, Limits limits, TimeProvider clock)
    {
        (Address, this.clock) = (address, clock);
        var handler = new SocketsHttpHandler
        {
            // Of a proxy that the environment names; on this machine there is none to pass.
            UseProxy = !address.Root.IsLoopback,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = limits.Connect,
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("local-mcp", ProgramVersion.Text));
    }

    public HubAddress Address { get; }

    public string Label => Address.Label;

    /// <summary>The response to a GET, wherever redirects led. The caller disposes it.</summary>
    /// <param name="path">Below the endpoint, or a whole address.</param>
    /// <exception cref="TransientFailure">It could not be had now.</exception>
    /// <exception cref="LocalMcpException">It cannot be had.</exception>
    public async Task<HubReply> GetAsync(string path, ByteRange? range, CancellationToken cancellationToken)
    {
        var address = new Uri(Address.Root, path);
        var reply = new HubReply(null!, address);
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await SendAsync(address, range, cancellationToken);
            reply = (Address.IsHere(address) ? reply.Hear(response) : reply) with { Response = response, Address = address };
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
                return reply;
            using (response)
                address = Target(address, response);
        }
        throw new LocalMcpException($"{Label} redirected more than {MostRedirects} times. Try again later, or check HF_ENDPOINT.");
    }

    /// <summary>The body of an answer, as text.</summary>
    /// <exception cref="TransientFailure">It could not be had now.</exception>
    public async Task<string> TextAsync(HubReply reply, CancellationToken cancellationToken) => await GuardAsync(
        async heard =>
        {
            // Decoded here, whatever charset the header claims: JSON is UTF-8.
            await reply.Response.Content.LoadIntoBufferAsync(LongestText, heard);
            return Encoding.UTF8.GetString(await reply.Response.Content.ReadAsByteArrayAsync(heard));
        },
        cancellationToken);

    /// <summary>Reads what comes next of a body; 0 at its end.</summary>
    /// <exception cref="TransientFailure">The connection broke, or nothing came for a minute.</exception>
    public async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await GuardAsync(async heard => await body.ReadAsync(buffer, heard), cancellationToken);

    /// <summary>A failure that may pass, if the answer is one: also any refusal of a content server, whose signed addresses expire.</summary>
    public TransientFailure? Passing(HubReply reply) => TransientFailure.Of(reply.Response, clock.GetUtcNow())
        ?? (!Address.IsHere(reply.Address) && reply.Status is >= 400 and not 416 ? new TransientFailure(string.Create(CultureInfo.InvariantCulture, $"{reply.Address.Host} answered {reply.Status}")) : null);

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, ByteRange? range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (Address.TokenFor(address) is { Length: > 0 } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (range is not null)
        {
            request.Headers.Range = new RangeHeaderValue(range.From, range.To);
            if (range.Seen is { } seen && seen.Authority == address.Authority)
                request.Headers.IfRange = new RangeConditionHeaderValue(seen.Tag);
        }
        return await GuardAsync(heard => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, heard), cancellationToken);
    }

    private Uri Target(Uri from, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location)
            throw new LocalMcpException($"{Label} answered with a redirect to nowhere. Try again later, or check HF_ENDPOINT.");
        var target = new Uri(from, location);
        return Address.MayLeadTo(target) ? target : throw new LocalMcpException($"{Label} redirects to {target.Scheme}://{Address.WithoutToken(target.Host)}, which is not followed: only https is. Check HF_ENDPOINT.");
    }

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailure(silence.IsCancellationRequested ? $"nothing came for {Silence.TotalSeconds:0} s" : "no answer to the connection attempt in time", inner: late);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TransientFailure.Of(failed) as Exception
                ?? new LocalMcpException($"{Label}: {failed.GetBaseException().Message.TrimEnd('.')}. Check the network, and HF_ENDPOINT if it is set.", failed);
        }
    }
}

/// <summary>A part of a file to ask for.</summary>
/// <param name="From">The first byte, from 0.</param>
/// <param name="To">The last byte; null for all that follow.</param>
/// <param name="Seen">The version that the bytes before it are of; null when that is not known.</param>
internal sealed record ByteRange(long From, long? To = null, ByteVersion? Seen = null);

/// <summary>A version of a file as one server names it. Content servers name versions each in their own way, so the tag goes back to none but its own.</summary>
internal sealed record ByteVersion(string Authority, EntityTagHeaderValue Tag);

/// <summary>An answer, and what the endpoint itself said of the file before it sent us on.</summary>
internal sealed record HubReply(HttpResponseMessage Response, Uri Address) : IDisposable
{
    /// <summary>The commit that the file is of.</summary>
    public string? Commit { get; private init; }

    /// <summary>The sha256 of the whole file.</summary>
    public string? Sha256 { get; private init; }

    /// <summary>The version of what is sent, as far as its server names one that is good for ranges.</summary>
    public ByteVersion? Version => Response.Headers.ETag is { IsWeak: false } tag ? new ByteVersion(Address.Authority, tag) : null;

    public int Status => (int)Response.StatusCode;

    public HubReply Hear(HttpResponseMessage response) => this with
    {
        Commit = Header(response, "X-Repo-Commit") ?? Commit,
        Sha256 = HubWire.Sha256(Header(response, "X-Linked-ETag")) ?? Sha256,
    };

    public string? Said(string header) => Header(Response, header);

    public void Dispose() => Response.Dispose();

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
