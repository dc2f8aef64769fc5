using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>Where Hugging Face is, and who may see the user's token.</summary>
internal sealed class HubAddress
{
    private const string Home = "https://huggingface.co/";
    private const long LongestToken = 10_000;

    private readonly string token;

    private HubAddress(Uri root, string token) => (Root, this.token) = (root, token);

    /// <summary>Ends in a slash; a mirror's may have a path.</summary>
    public Uri Root { get; }

    /// <summary>How errors call it.</summary>
    public string Label => Root.ToString() == Home ? "Hugging Face" : $"Hugging Face's mirror at {Root.ToString().TrimEnd('/')}";

    /// <summary>Whether requests to it carry a token.</summary>
    public bool HasToken => TokenFor(Root).Length > 0;

    /// <summary>Whether there is a token that is not sent, because it would cross a network in the clear.</summary>
    public bool TokenIsWithheld => token.Length > 0 && !HasToken;

    /// <summary>After the environment; the token is that of the variables, else that of Hugging Face's own command line.</summary>
    /// <exception cref="LocalMcpException">HF_ENDPOINT is no base URL, or the token none that can be sent.</exception>
    public static HubAddress Of(UserEnvironment environment)
    {
        var text = environment.HuggingFaceEndpoint;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https") || root.UserInfo.Length > 0 || root.Query.Length > 0 || root.Fragment.Length > 0)
            throw new LocalMcpException("HF_ENDPOINT is not a base URL without user and query; it expects something like https://huggingface.co.");
        var token = environment.HuggingFaceToken is { Length: > 0 } set ? set : Stored(environment.HuggingFaceTokenFile);
        if (!token.All(c => c is > ' ' and < (char)127))
            throw new LocalMcpException("The token of Hugging Face (HF_TOKEN, or the file of `hf auth login`) holds a character that no token has: a space, a line break or a letter beyond ASCII. Correct it.");
        return new HubAddress(root, token);
    }

    /// <summary>The token for a request to this address, or empty: nobody but the endpoint gets it, and no network sees it in the clear.</summary>
    public string TokenFor(Uri address) => IsHere(address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) ? token : "";

    /// <summary>Words of a server without the token, which it may have repeated.</summary>
    public string WithoutToken(string words) => token.Length == 0 ? words : words.Replace(token, "…", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a redirect may lead there: over https, or within this machine where the endpoint itself is on it.</summary>
    public bool MayLeadTo(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (IsHere(address) || (address.IsLoopback && Root.IsLoopback)));

    /// <summary>Whether it is the endpoint itself: same scheme, host and port.</summary>
    public bool IsHere(Uri address) => address.Scheme == Root.Scheme && address.Authority == Root.Authority;

    private static string Stored(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: <= LongestToken } ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Most models need none.
            return "";
        }
    }
}
