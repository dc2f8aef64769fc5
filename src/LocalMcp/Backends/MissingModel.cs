namespace LocalMcp.Backends;

/// <summary>The error for a model that its backend no longer has.</summary>
internal static class MissingModel
{
    public static BackendException Error(string label, string model, IEnumerable<string> there)
    {
        var names = string.Join(", ", there);
        return new(BackendFailure.NoSuchModel, $"{label} has no model \"{model}\". {(names.Length > 0 ? $"It has: {names}." : "It has no models at all.")} Choose one with set_model.");
    }
}
