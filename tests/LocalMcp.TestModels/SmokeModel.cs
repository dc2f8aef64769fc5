namespace LocalMcp.TestModels;

/// <summary>The model that the product carries to test an engine with: the same bytes each time it is written.</summary>
public static class SmokeModel
{
    public static Script Script { get; } = new(
        "This is LocalMcp's built-in smoke-test model: engine, tokenizer and chat template work. It can say nothing else. "
        + "For a real model, put a GGUF file into the model folder, or start Ollama or LM Studio; `local-mcp doctor` shows where.")
    {
        Name = "LocalMcp smoke test",
        ContextLength = 32768,
    };

    public static void Write(string path) => ScriptedModel.Write(path, Script);
}
