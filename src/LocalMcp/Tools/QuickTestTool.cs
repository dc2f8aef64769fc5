using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using LocalMcp.Chat;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>quick_test</c>.</summary>
internal sealed class QuickTestTool(QuickTest test, TimeProvider clock)
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "MinLength is only read for the schema of a string.")]
    [McpServerTool(Name = "quick_test", Title = "Test the local model", ReadOnly = true, OpenWorld = false)]
    [Description("Check that the local LLM set-up (Ollama, LM Studio, MLX, llama.cpp) works: one short prompt, then PASS or FAIL, speed and the next step. Use it when chat fails, is slow or answers garbage.")]
    public async Task<CallToolResult> QuickTestAsync(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [MinLength(1)] string prompt = "hello")
    {
        using var told = new ProgressReporter(progress, clock);
        var outcome = await test.RunAsync(prompt, told.Watch, cancellationToken);
        return new CallToolResult { Content = [new TextContentBlock { Text = outcome.Text }], IsError = outcome.Passed ? null : true };
    }
}
