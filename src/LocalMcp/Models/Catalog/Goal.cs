namespace LocalMcp.Models.Catalog;

/// <summary>What a user wants of a model most.</summary>
internal enum Goal
{
    /// <summary>Quick look-ups and frequent calls: the answer at once.</summary>
    Speed,

    /// <summary>Everyday coding.</summary>
    Balanced,

    /// <summary>Refactoring and review: the best answer that can be waited for.</summary>
    Quality,
}
