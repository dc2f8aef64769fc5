using LocalMcp.TestModels;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>The models of the benchmark: one as heavy as a real one, and one that takes no time at all.</summary>
internal static class BenchModels
{
    public const string Heavy = "random";
    public const string Light = "scripted";

    /// <summary>One token of the light model's prompts: as long as two lines of text, so that a prompt of 200 KB fits into the context.</summary>
    public const string LightLine = "the library opens at nine on weekdays; ";

    public static void Write(BenchHome home, string size)
    {
        RandomModel.Write(home.ModelFile(Heavy), RandomShape.Named(size));
        ScriptedModel.Write(home.ModelFile(Light), new Script("Yes, at nine.") { ContextLength = 32_768, PromptTokens = [LightLine] });
    }

    /// <summary>Text that no engine has seen, a token a character for the heavy model.</summary>
    public static string FreshText(int length) => string.Create(length, 0, static (text, _) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = Random.Shared.Next(6) == 0 ? ' ' : (char)('a' + Random.Shared.Next(26));
    });
}
