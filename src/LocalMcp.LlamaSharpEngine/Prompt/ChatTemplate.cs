using System.Text;
using LLama;
using LLama.Exceptions;

namespace LocalMcp.LlamaSharpEngine.Prompt;

/// <summary>
/// Turns a conversation into the text that the model reads. llama.cpp does it without Jinja: it recognises templates from a fixed list. A model
/// whose template is not on it gets ChatML, and <see cref="Warning"/> says so.
/// </summary>
internal sealed class ChatTemplate
{
    private const string ChatMl = "chatml";
    // How templates that know enable_thinking write that there are no thoughts, in Jinja's spelling of line ends.
    private const string EmptyThoughtsInJinja = @"<think>\n\n</think>\n\n";
    private const string EmptyThoughts = "<think>\n\n</think>\n\n";

    private readonly string template;
    private readonly bool canSkipThoughts;

    private ChatTemplate(string template, string? warning)
    {
        (this.template, Warning) = (template, warning);
        canSkipThoughts = template.Contains("enable_thinking", StringComparison.Ordinal) && template.Contains(EmptyThoughtsInJinja, StringComparison.Ordinal);
    }

    /// <summary>Why the model's own template is not used; null when it is.</summary>
    public string? Warning { get; }

    /// <param name="own">The model's own template; null when it has none.</param>
    public static ChatTemplate For(string? own)
    {
        if (own is null)
            return new ChatTemplate(ChatMl, "The model has no chat template of its own, so ChatML is used; its answers may be poor. llama-server with --chat-template may do better.");
        var template = new ChatTemplate(own, null);
        try
        {
            template.Render([new ChatMessage("user", "?")], think: true);
            return template;
        }
        catch (MissingTemplateException)
        {
            return new ChatTemplate(ChatMl, "The model's chat template is not on llama.cpp's list, so ChatML is used; its answers may be poor. llama-server renders the model's own template.");
        }
    }

    /// <summary>The whole prompt, up to where the answer begins.</summary>
    /// <param name="think">False writes empty thoughts for the model, where its template knows how.</param>
    public string Render(IReadOnlyList<ChatMessage> messages, bool think)
    {
        var rendering = new LLamaTemplate(template) { AddAssistant = true };
        foreach (var message in messages)
            rendering.Add(Whole(message.Role), Whole(message.Content));
        var prompt = Encoding.UTF8.GetString(rendering.Apply());
        return canSkipThoughts && !think ? prompt + EmptyThoughts : prompt;
    }

    // Native code takes a zero for the end of the text.
    private static string Whole(string text) => text.Replace('\0', '\uFFFD');
}
