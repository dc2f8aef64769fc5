namespace LocalMcp.Schema;

/// <summary>One keyword of a schema, or a few that only mean something together.</summary>
internal abstract record Rule
{
    /// <summary>Says what is wrong with the value, if anything is.</summary>
    public abstract void Check(Visit visit);

    /// <summary>The schemas that it applies to the same value.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];
}
