using System.Net;
using LocalMcp.State;

namespace LocalMcp.Backends;

/// <summary>An address where a model server may be.</summary>
/// <param name="Url">Its root, without path: <c>http://127.0.0.1:1234/</c>; with the path where the user's URL has one.</param>
/// <param name="Named">Whether the user named it, in settings or environment; else it is a well-known port.</param>
/// <param name="Name">The name that the user gave it, or empty.</param>
/// <param name="ApiKey">Its key, or empty.</param>
/// <param name="Leads">Whether it is the first of LOCAL_MCP_URL, which goes by its kind alone.</param>
internal sealed record Endpoint(Uri Url, bool Named, string Name = "", string ApiKey = "", bool Leads = false)
{
    private static readonly (int Port, string Label)[] WellKnown =
        [(1234, "LM Studio"), (8000, "oMLX or vLLM"), (8080, "llama-server"), (8131, "llama-server"), (52415, "exo")];

    /// <summary>
    /// Where to look: LOCAL_MCP_URL and the servers of the settings; and, unless LOCAL_MCP_URL is set, Ollama's address and the well-known ports.
    /// </summary>
    /// <remarks>One on another machine is among them, so that it can be told why it is not asked: <see cref="Barred"/>.</remarks>
    /// <exception cref="LocalMcpException">A URL of the environment is not one.</exception>
    public static IReadOnlyList<Endpoint> All(UserEnvironment environment, Settings settings)
    {
        var named = environment.Urls.Select((url, index) => new Endpoint(Parse(url, "LOCAL_MCP_URL"), Named: true, ApiKey: Key(environment.ApiKey, "LOCAL_MCP_API_KEY"), Leads: index == 0))
            .Concat(settings.Servers.Select(s => new Endpoint(Parse(s.Url, "settings.json"), Named: true, s.Name, Key(s.ApiKey, "api_key in settings.json"))));
        var found = environment.Urls.Count > 0
            ? []
            : WellKnown.Select(w => new Endpoint(new Uri($"http://127.0.0.1:{w.Port}/"), Named: false)).Prepend(new Endpoint(OllamaUrl(environment.OllamaHost), Named: environment.OllamaHost.Length > 0));
        return [.. named.Concat(found).DistinctBy(e => e.ApiBase.ToString().Replace("//localhost:", "//127.0.0.1:", StringComparison.OrdinalIgnoreCase)).Select(e => e with { Barred = e.Bar(environment, settings) })];
    }

    /// <summary>Why nothing is sent to this host, not even a look-up of its name, and what to write to allow it; null for this machine and for hosts that the settings allow.</summary>
    public string? Barred { get; private init; }

    /// <summary>Whether it is on this machine.</summary>
    public bool IsHere => Hosts.IsHere(Url);

    /// <summary>A connection to <paramref name="root"/> here: the one way to a model server that is not our own engine. Nothing is sent yet.</summary>
    /// <param name="label">How errors call the server.</param>
    /// <param name="howToStart">The next step when nobody listens; null means <see cref="HowToStart"/>.</param>
    /// <param name="connect">How long opening a connection may take; null means the limit of the settings.</param>
    /// <exception cref="BackendException">The settings do not allow this host.</exception>
    public ServerConnection Connect(string label, Uri root, Limits limits, TimeProvider clock, string? howToStart = null, TimeSpan? connect = null) => Barred is { } why
        ? throw new BackendException(BackendFailure.NotAllowed, $"{Label}: {why}. Settings are read when a session starts.") { Brief = $"{Label}: {why}" }
        : new ServerConnection(label, root, howToStart ?? HowToStart, ApiKey, limits, clock, connect: connect, elsewhere: !IsHere);

    /// <summary>How lists and errors call it before anybody has answered there.</summary>
    public string Label => $"{ExpectedLabel} at {Address}";

    /// <summary>The address as the user would write it.</summary>
    public string Address => Url.ToString().TrimEnd('/');

    /// <summary>Base of the OpenAI-compatible API: the URL with <c>/v1/</c> unless it ends in a version already.</summary>
    public Uri ApiBase
    {
        get
        {
            var last = Url.Segments[^1].Trim('/');
            var versioned = last.Length >= 2 && last[0] == 'v' && char.IsAsciiDigit(last[1]);
            return new Uri(Url.ToString().TrimEnd('/') + (versioned ? "/" : "/v1/"));
        }
    }

    /// <summary>What the server's root is: <see cref="ApiBase"/> without its version.</summary>
    public Uri Root => new(ApiBase, "../");

    /// <summary>
    /// The name of the backend when the server turns out to be of this kind. It depends on nothing but kind and address, so that a stored
    /// choice means the same server tomorrow: the kind alone at its own port, else with the port, and with the host where it is another one.
    /// </summary>
    public string BackendName(ServerKind kind)
    {
        if (Name.Length > 0)
            return Name;
        if (Leads || (IsHere && Url.Port == kind.Port))
            return kind.Name;
        return IsHere ? $"{kind.Name}:{Url.Port}" : $"{kind.Name}@{Url.Host}:{Url.Port}";
    }

    /// <summary>Whether a backend of this name could be the server here, whichever kind it is.</summary>
    public bool MightBe(string backendName) => ServerKind.All.Any(kind => BackendName(kind) == backendName);

    /// <summary>What to do when nobody listens here.</summary>
    public string HowToStart => Expected.HowToStart;

    private ServerKind Expected => ServerKind.All.FirstOrDefault(kind => kind.Port == Url.Port && IsHere) ?? (Url.Port == 8131 && !Named ? ServerKind.LlamaServer : ServerKind.OpenAi);

    private string ExpectedLabel => Name.Length > 0 ? Name : WellKnown.FirstOrDefault(w => w.Port == Url.Port && IsHere).Label ?? Expected.Label;

    private string? Bar(UserEnvironment environment, Settings settings) => IsHere || Hosts.IsAmong(Url, settings.AllowHosts)
        ? null
        : $"not asked, because {Hosts.Name(Url)} is not this machine, and what is asked would go there. To allow it, write \"allow_hosts\": [{string.Join(", ", settings.AllowHosts.Append(Hosts.Name(Url)).Select(host => $"\"{host}\""))}] into {environment.SettingsFile}";

    /// <summary>Ollama's own reading of OLLAMA_HOST: a host, a port or both, with or without a scheme; an address to listen on everywhere means loopback.</summary>
    public static Uri OllamaUrl(string host)
    {
        if (host.Length == 0)
            return new Uri("http://127.0.0.1:11434/");
        var (scheme, rest) = host.Split("://", 2) is [var s, var r] ? (s.ToLowerInvariant(), r) : ("http", host);
        var authority = rest.Split('/', 2)[0];
        var defaultPort = host.Contains("://", StringComparison.Ordinal) ? (scheme == "https" ? 443 : 80) : 11434;
        var (name, port) = SplitPort(authority, defaultPort);
        if (name.Length == 0 || (IPAddress.TryParse(name.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))))
            name = "127.0.0.1";
        // Something before an @ may be a password: it is neither used nor shown.
        if (authority.Contains('@'))
            throw new LocalMcpException("OLLAMA_HOST has something before an @; it expects something like 127.0.0.1:11434.");
        return Uri.TryCreate($"{scheme}://{name}:{port}/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new LocalMcpException($"OLLAMA_HOST is \"{host}\"; it expects something like 127.0.0.1:11434.");
    }

    private static (string Host, int Port) SplitPort(string authority, int otherwise)
    {
        var colon = authority.LastIndexOf(':');
        var isPort = colon >= 0 && authority.LastIndexOf(']') < colon && (authority.IndexOf(':') == colon || authority.StartsWith('['));
        if (isPort && int.TryParse(authority[(colon + 1)..], out var port) && port is > 0 and < 65_536)
            return (authority[..colon], port);
        var host = authority.Contains(':') && !authority.StartsWith('[') && !isPort ? $"[{authority}]" : authority;
        return (isPort ? authority[..colon] : host, otherwise);
    }

    private static Uri Parse(string text, string source)
    {
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new LocalMcpException($"{source} names \"{text}\", which is not a URL; it expects something like http://127.0.0.1:8080/v1.");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new LocalMcpException($"A URL in {source} ({url.Host}) has a user, a query or a fragment. It expects a base URL alone; a key goes into LOCAL_MCP_API_KEY or api_key.");
        return url.Host is "0.0.0.0" or "[::]" ? new UriBuilder(url) { Host = "127.0.0.1" }.Uri : url;
    }

    private static string Key(string key, string source) => key.All(c => c is > ' ' and < (char)127)
        ? key
        : throw new LocalMcpException($"{source} holds a character that no key can have (a space, a line break or a letter beyond ASCII). Correct it.");
}
