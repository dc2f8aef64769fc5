using System.Numerics;

namespace LocalMcp.TestModels;

/// <summary>
/// A code of 64 signs for each token that a script says. A token's own code scores 64 against itself, and any two differ in
/// so many signs that they score at most 32 against each other: far fewer numbers than one dimension per token.
/// </summary>
internal sealed class TokenCodes
{
    public const int Signs = 64;
    private const int LeastDifference = Signs / 4;

    private readonly Dictionary<int, ulong> _codes = [];

    public TokenCodes(IEnumerable<int> tokens)
    {
        var random = new RandomBits(seed: 1);
        var given = new List<ulong>();
        foreach (var token in tokens)
        {
            ulong code;
            do
            {
                code = random.Next();
            }
            while (!DiffersFromAll(given, code));

            given.Add(code);
            _codes.Add(token, code);
        }
    }

    public ulong Of(int token) => _codes[token];

    public bool Has(int token) => _codes.ContainsKey(token);

    private static bool DiffersFromAll(List<ulong> given, ulong code)
    {
        foreach (var other in given)
        {
            if (BitOperations.PopCount(code ^ other) < LeastDifference) return false;
        }

        return true;
    }
}
