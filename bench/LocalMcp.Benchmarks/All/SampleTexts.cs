using System.Text;

namespace LocalMcp.Benchmarks.All;

/// <summary>Texts of the sizes that people work with: source files, a review of one, and tests for one.</summary>
internal static class SampleTexts
{
    /// <summary>What a local model says to "review this": six findings.</summary>
    public const string Review = """
        Overall the module is easy to follow: every function books one kind of amount and returns the new balance. What I would change, the gravest first:

        1. **No check of the account's name.** `ledger.get(account, 0)` opens an account for every misspelled name, and nobody notices. Look the name up first, and raise `KeyError` with the names that are there.
        2. **The journal is not written together with the balance.** If `append` fails, the balance has changed and the journal has not. Write the journal first, or keep both in one transaction.
        3. **Amounts are floats.** Sums of cents drift: 0.1 + 0.2 is not 0.3. Use `decimal.Decimal`, or whole cents.
        4. **The functions differ in one number only.** A table of kinds and one function that takes the kind would replace all of them, and a mistake would have to be mended in one place.
        5. **The error does not say which account it was.** `the amount must be positive: -5` helps nobody who reads a log of a thousand bookings. Add the account, and the kind of the booking.
        6. **`setdefault("journal", [])` mixes the journal with the accounts.** An account called "journal" would break it. Keep the journal in an attribute of its own.

        Smaller things: the docstrings repeat the name of the function; `%r` could be an f-string; there is no `__all__`, so `import *` takes the helpers along. I have not checked whether the numbers of the kinds are the ones that the tax office wants.
        """;

    /// <summary>A source file of Python: functions of ten lines, which differ in their names and numbers.</summary>
    public static string Source(int lines)
    {
        var text = new StringBuilder();
        for (var number = 1; number <= lines / 10; number++)
        {
            text.Append(
                $"""
                def settle_account_{number:0000}(ledger, account, amount):
                    '''Books the amount on the account and returns the new balance.'''
                    if amount <= 0:
                        raise ValueError("the amount must be positive: %r" % amount)
                    balance = ledger.get(account, 0) + amount
                    ledger[account] = balance
                    ledger.setdefault("journal", []).append((account, amount, {number}))
                    return balance


                """.ReplaceLineEndings("\n"));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What a local model says to "write tests for it": one block of code with so many tests of five lines.</summary>
    public static string Tests(int count) => $"```python\n{TestCode(count)}```\n";

    /// <summary>The code in that block.</summary>
    public static string TestCode(int count)
    {
        var text = new StringBuilder("import pytest\n\nfrom ledger import *\n\n\n");
        for (var number = 1; number <= count; number++)
            text.Append($"def test_settles_an_amount_of_kind_{number}():\n    ledger = {{\"rent\": 100}}\n    assert settle_account_{number:0000}(ledger, \"rent\", 50) == 150\n    assert ledger[\"journal\"] == [(\"rent\", 50, {number})]\n\n\n");
        return text.ToString();
    }
}
