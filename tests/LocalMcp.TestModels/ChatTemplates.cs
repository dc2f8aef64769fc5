namespace LocalMcp.TestModels;

/// <summary>Jinja chat templates over the turn marks of the test models. All begin with the conversation so far.</summary>
public static class ChatTemplates
{
    private const string AnyTurns =
        """
        {%- for message in messages -%}
        {{- '<|im_start|>' + message.role + '\n' + (message.content or '') + '<|im_end|>\n' -}}
        {%- endfor -%}
        """;

    // Thoughts are shown for an answer that is still being given, and left out of earlier ones. Engines find out what thoughts
    // look like by rendering such a conversation with and without reasoning_content.
    private const string TurnsWithThoughts =
        """
        {%- for message in messages -%}
        {%- set said = message.content or '' -%}
        {%- set thought = message.reasoning_content or '' -%}
        {%- if message.role == 'assistant' and '</think>' in said -%}
        {%- set thought = said.split('</think>')[0].split('<think>')[-1].strip('\n') -%}
        {%- set said = said.split('</think>')[-1].lstrip('\n') -%}
        {%- endif -%}
        {{- '<|im_start|>' + message.role + '\n' -}}
        {%- if loop.last and message.role == 'assistant' and thought -%}
        {{- '<think>\n' + thought + '\n</think>\n\n' -}}
        {%- endif -%}
        {{- said + '<|im_end|>\n' -}}
        {%- endfor -%}
        """;

    /// <summary>Marked turns and nothing else.</summary>
    public const string Plain = AnyTurns +
        """
        {%- if add_generation_prompt -%}
        {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;

    /// <summary>Opens the thoughts in the prompt, as reasoning-only models do: the script starts inside them and closes them.</summary>
    public const string Think = TurnsWithThoughts +
        """
        {%- if add_generation_prompt -%}
        {{- '<|im_start|>assistant\n<think>\n' -}}
        {%- endif -%}
        """;

    /// <summary>Thinks unless <c>enable_thinking</c> is false, when the prompt holds empty thoughts and the answer follows at once.</summary>
    public const string Qwen3 = TurnsWithThoughts +
        """
        {%- if add_generation_prompt -%}
        {{- '<|im_start|>assistant\n' -}}
        {%- if enable_thinking is defined and enable_thinking is false -%}
        {{- '<think>\n\n</think>\n\n' -}}
        {%- endif -%}
        {%- endif -%}
        """;
}
