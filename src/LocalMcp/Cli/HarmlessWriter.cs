using System.Text;

namespace LocalMcp.Cli;

/// <summary>Writes to a terminal what a model said: as <see cref="PlainText"/>, so that no answer can clear the screen, set the title or fill the clipboard.</summary>
internal sealed class HarmlessWriter(TextWriter terminal) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value)
    {
        if (!PlainText.IsHarmful(value))
            terminal.Write(value);
    }

    public override void Write(string? value) => terminal.Write(value is null ? null : PlainText.Of(value));

    public override Task WriteAsync(char value) => PlainText.IsHarmful(value) ? Task.CompletedTask : terminal.WriteAsync(value);

    public override Task WriteAsync(string? value) => value is null ? Task.CompletedTask : terminal.WriteAsync(PlainText.Of(value));

    public override Task WriteLineAsync(string? value) => terminal.WriteLineAsync(value is null ? null : PlainText.Of(value));

    public override Task WriteLineAsync() => terminal.WriteLineAsync();

    public override void Flush() => terminal.Flush();
}
