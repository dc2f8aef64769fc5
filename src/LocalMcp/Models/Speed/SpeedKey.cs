namespace LocalMcp.Models.Speed;

/// <summary>What a measured speed belongs to. A part that is null is not known, and then fits any.</summary>
/// <param name="Machine">The chip, or another name for the hardware; empty where nobody knows one.</param>
/// <param name="Backend">The backend's name in lists.</param>
/// <param name="Where">The backend's address or program: the same name may stand for servers on two hosts.</param>
/// <param name="Engine">The version of the engine behind it.</param>
/// <param name="Model">The name by which the backend knows the model.</param>
/// <param name="Quantization">As backend or file calls it. With the size it tells apart two models that had the same name, one after the other.</param>
/// <param name="SizeBytes">Size of the weights.</param>
internal sealed record SpeedKey(string Machine, string Backend, string Where, string? Engine, string Model, string? Quantization, long? SizeBytes)
{
    public static SpeedKey Of(ModelFacts model, string where, string machine = "", string? engine = null) =>
        new(machine, model.Backend, where, engine, model.Name, model.Quantization, model.SizeBytes);

    /// <summary>Whether both are the same model in the same place, as far as both say.</summary>
    public bool Fits(SpeedKey other) =>
        (Machine, Backend, Where, Model) == (other.Machine, other.Backend, other.Where, other.Model)
        && (Engine is null || other.Engine is null || Engine == other.Engine)
        && (Quantization is null || other.Quantization is null || Quantization == other.Quantization)
        && (SizeBytes is null || other.SizeBytes is null || SizeBytes == other.SizeBytes);

    /// <summary>The same, with what the other knows and this one does not.</summary>
    public SpeedKey With(SpeedKey other) => this with { Engine = Engine ?? other.Engine, Quantization = Quantization ?? other.Quantization, SizeBytes = SizeBytes ?? other.SizeBytes };
}
