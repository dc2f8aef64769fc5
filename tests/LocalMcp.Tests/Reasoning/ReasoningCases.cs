using LocalMcp.Reasoning;

namespace LocalMcp.Tests.Reasoning;

/// <summary>What a model or its server sends, and what of it is answer and what reasoning.</summary>
internal sealed record ReasoningCase(string Whole, string Text, string Reasoning = "")
{
    public string Prompt { get; init; } = "hi";

    public bool? CanThink { get; init; }

    public bool Cut { get; init; }

    /// <summary>Reasoning that the backend told apart by itself, before the text.</summary>
    public string Field { get; init; } = "";

    /// <summary>Whether somebody reads along.</summary>
    public bool Live { get; init; }

    public ReasoningHints Hints => new(Live, CanThink, Prompt);
}

/// <summary>The table: forms, and what they must be told from. The shapes are those of the parsers named in Forms and of their tests.</summary>
internal static class ReasoningCases
{
    private const string Plan = "Thinking Process:\n\n1.  **Analyze the Request:**\n    *   **Task:** Say hello.\n\n2.  **Draft:**\n    Hello!\n\n";

    public static readonly IReadOnlyDictionary<string, ReasoningCase[]> ByForm = new Dictionary<string, ReasoningCase[]>
    {
        ["none"] =
        [
            new("", ""),
            new("Hello.", "Hello."),
            new("\n\n  Hello.\n", "\n\n  Hello.\n"),
            new("  indented\n  code", "  indented\n  code"),
            new("a < b && c > d, x[i] <= y", "a < b && c > d, x[i] <= y"),
            new("<thin air is not a tag", "<thin air is not a tag"),
            new("<thinker>none</thinker>", "<thinker>none</thinker>"),
            new("<think about it> twice", "<think about it> twice"),
            new("[THINKING] is [no] token [THINK", "[THINKING] is [no] token [THINK"),
            new("<<<<<think", "<<<<<think"),
            new("1. One\n2. Two\n\n# Heading\n\n3. Three", "1. One\n2. Two\n\n# Heading\n\n3. Three"),
            new("Half 😀 of a 👩‍👩‍👧 pair", "Half 😀 of a 👩‍👩‍👧 pair"),
        ],
        ["tags"] =
        [
            new("<think>why</think>Hello.", "Hello.", "why"),
            new("<think>\nwhy\n</think>\n\nHello.\n", "Hello.\n", "\nwhy\n"),
            new("<THINK>why</Think>\nHello.", "Hello.", "why"),
            new("<think>why</think> Hello.", " Hello.", "why"),
            new("< think >why</ think >Hello.", "Hello.", "why"),
            new("<think type=\"deep\" depth='3'>why</think\t>Hello.", "Hello.", "why"),
            new("<think/>\nHello.", "Hello."),
            new("<think></think>\n\nHello.", "Hello."),
            new("<think>\n\n</think>\n\nHello.", "Hello.", "\n\n"),
            new("<thinking>why</thinking>Hello.", "Hello.", "why"),
            new("<thought>why</thought>\nHello.", "Hello.", "why"),
            new("<thoughts>why</thoughts>\nHello.", "Hello.", "why"),
            new("<Reasoning>why</Reasoning>\nHello.", "Hello.", "why"),
            new("<reflection>why</reflection>\nHello.", "Hello.", "why"),
            new("<seed:think>why</seed:think>Hello.", "Hello.", "why"),
            new("<longcat_think>why</longcat_think>Hello.", "Hello.", "why"),
            new("<mm:think>why</mm:think>Hello.", "Hello.", "why"),
            new("</mm:think>Hello.", "Hello."),
            new("\uFEFF<think>why</think>Hello.", "Hello.", "why"),
            new("<think>the <b>bold</b> user</think>Hello.", "Hello.", "the <b>bold</b> user"),
            new("<think>a < b</thin</think>Hello.", "Hello.", "a < b</thin"),
        ],
        ["several blocks"] =
        [
            new("<think>a</think><think>b</think>Hello.", "Hello.", "ab"),
            new("<think>a</think>\n\n<think>b</think>\n\nHello.", "Hello.", "ab"),
            new("\n<thinking>a</thinking>\n<think>b</think>\n\n    indented();\n", "    indented();\n", "ab"),
            new("<think>a</think>Hello<think>b</think> world.", "Hello world.", "ab"),
            new("<think>a</think>One.\n<think>b</think>\nTwo.", "One.\n\nTwo.", "ab"),
            new("Before.\n<think>b</think>\nAfter.", "Before.\n\nAfter.", "b"),
            new("Before<think>b</think>After.", "BeforeAfter.", "b"),
            new("One.\n<think>\nnever closed", "One.\n", "\nnever closed"),
            new("<think><think>a</think>Hello.", "Hello.", "<think>a"),
            new("<think>a<think>b</think>c</think>Hello.", "Hello.", "a<think>bc"),
            new("<think>what is a <think> tag?</think>Hello.", "Hello.", "what is a <think> tag?"),
            new("<think>a<think>b</think>Hello.", "Hello.", "a<think>b"),
            new("<think>a</think></think>Hello.", "Hello.", "a"),
            new("<think>a</think>One.</think>Two.", "One.Two.", "a"),
            new("<thinking>a<reflection>b</reflection>c</thinking><output>Hello.</output>", "Hello.", "a<reflection>b</reflection>c"),
        ],
        ["never closed"] =
        [
            new("<think>never closed", "", "never closed"),
            new("<think>never closed", "", "never closed") { Cut = true },
            new("<think>\nwhy\n</thin", "", "\nwhy\n</thin") { Cut = true },
            new("<think", "<think"),
            new("[THINK]never closed", "", "never closed"),
        ],
        ["only closed"] =
        [
            new("reasoning\n</think>\n\nHello.", "Hello.", "reasoning\n"),
            new("reasoning…</think>\n\nHello.", "Hello.", "reasoning…"),
            new("reasoning</think>Hello.", "Hello.", "reasoning"),
            new("This is it</think>", "", "This is it"),
            new("</think>\n\nHello.", "Hello."),
            new("\n</think>\n\n    code();\n", "    code();\n"),
            new("first</think>Second</think>Third", "SecondThird", "first"),
            new("Let me say hello. </think> Hello.", " Hello.", "Let me say hello. "),
            new("The user asks what `</think>` is.\n</think>\nIt ends reasoning.", "It ends reasoning.", "The user asks what `</think>` is.\n"),
            new("Say \"hello</think>Hello.", "Hello.", "Say \"hello"),
            new("```\ncode that is not closed\n</think>\n\nHello.", "Hello.", "```\ncode that is not closed\n"),
            new("```\ncode\n```</think>\n\nHello.", "Hello.", "```\ncode\n```"),
            new("budget</seed:cot_budget_reflect></seed:think>Hello.", "Hello.", "budget"),
            new("so I answer </think> Hello.", " Hello.", "so I answer ") { CanThink = true },
            new("a lone one</thinking>\nHello.", "Hello.", "a lone one"),
            new("steps\n[BEGIN FINAL RESPONSE]\nHello.\n[END FINAL RESPONSE]", "Hello.\n", "steps\n"),
            new("Here is the plan.\n</think>\nHello.", "Here is the plan.\n\nHello.") { Live = true },
            new("reasoning\n</think>\n\nHello.", "Hello.", "reasoning\n") { Live = true, CanThink = true },
        ],
        ["tokens"] =
        [
            new("[THINK]why[/THINK]Hello.", "Hello.", "why"),
            new("Before\n[THINK]why[/THINK]\nAfter", "Before\n\nAfter", "why"),
            new("[/THINK]Hello.", "Hello."),
            new("◁think▷why◁/think▷Hello.", "Hello.", "why"),
            new("<|open|>think<|sep|>why<|close|>think<|sep|><|open|>response<|sep|>Hello.<|close|>response<|sep|>", "Hello.", "why"),
            new("<|START_THINKING|>why<|END_THINKING|><|START_RESPONSE|>Hello.<|END_RESPONSE|>", "Hello.", "why"),
            new("why<|END_THINKING|>\n<|START_TEXT|>Hello.<|END_TEXT|>", "Hello.", "why"),
            new("<|START_THINKING|>why<|START_RESPONSE|>Hello.", "Hello.", "why"),
            new("<|START_RESPONSE|>Hello.<|END_RESPONSE|>", "Hello."),
            new("hello <|inner_prefix|>why<|inner_suffix|>world", "hello world", "why"),
            new("<ifm|think>why</ifm|think>Hello.", "Hello.", "why"),
            new("why<|think:end|>Hello.", "Hello.", "why"),
            new("<|channel>thought\nwhy<channel|>Hello.", "Hello.", "thought\nwhy"),
            new("<|channel>thought\n<channel|>Hello.", "Hello.", "thought\n"),
            new("why<channel|>Hello.", "Hello.", "why"),
            new("thought\nwhy<channel|>Hello.", "Hello.", "thought\nwhy"),
            new("thought\nHello.", "Hello.", "thought\n"),
            new("thought\nThe user", "", "thought\nThe user") { Cut = true },
            new("thought\nbought\ncaught\n", "thought\nbought\ncaught\n"),
            new("<|channel>thought\nnever closed", "", "thought\nnever closed"),
        ],
        ["harmony"] =
        [
            new("<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>", "Hello.", "why"),
            new("<|start|>assistant<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "Hello.", "why"),
            new("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>analysis<|message|>b<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "Hello.", "ab"),
            new("<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|end|>", "I look.\nHello.", "why"),
            new("<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|>", "I look.", "why"),
            new("<|channel|>commentary to=functions.x <|constrain|>json<|message|>{}<|call|>commentary<|channel|>final<|message|>Hello.", "Hello.", "{}"),
            new("<|channel|>commentary<|message|>I look.<|end|><|start|>assistant to=functions.x<|channel|>commentary<|message|>{}<|call|>", "I look.", "{}") { Cut = true },
            new("<|channel|>analysis<|message|>why", "", "why"),
            new("<|channel|>analysis<|message|>why<|end|>", "", "why"),
            new("<|channel|>analysis<|message|>why<|end|>Hello.", "Hello.", "why"),
            new("<|channel|>analysis<|message|>why<|channel|>final<|message|>Hello.", "Hello.", "why"),
            new("<|channel|>analysis<|message|>why<|end|>assistant<|channel|>final<|message|>Hello.", "Hello.", "why"),
            new("<|channel|>final<|message|>Hello.", "Hello."),
            new("<|channel|>final <|constrain|>json<|message|>{\"a\":1}<|return|>", "{\"a\":1}"),
            new("<|channel|>final {\"a\":1}<|return|>", "{\"a\":1}"),
            new("analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "Hello.", "why"),
            new("Some <|channel|>analysis<|message|>why<|end|> more <|start|>assistant<|channel|>final<|message|>text.<|return|> tail", "Some  more text. tail", "why"),
            new("analysisThe user says hi. We answer.assistantfinalHello.", "Hello.", "analysisThe user says hi. We answer."),
            new("analysis I think. assistantcommentary I look. assistantfinal Hello.", "Hello.", "analysis I think. assistantcommentary I look. "),
            new("assistantfinalHello.", "Hello."),
            new("analysisThe user says", "", "analysisThe user says") { Cut = true },
            new("analysis of the code: it is fine.", "analysis of the code: it is fine."),
            new("The token `<|channel|>` names the channel.", "The token `<|channel|>` names the channel."),
            new("<|channel|>analysis<|message|>print \"<|end|>\"\n```\n<|end|>\n```\nso<|end|><|start|>assistant<|channel|>final<|message|>```\n<|end|>\n```", "```\n<|end|>\n```", "print \"<|end|>\"\n```\n<|end|>\n```\nso"),
        ],
        ["wrapped answers"] =
        [
            new("<think>\nwhy\n</think>\n<answer>\nHello.\n</answer>", "Hello.", "\nwhy\n"),
            new("<think>\nwhy\n</think>\n<answer>\nHello.\nBye.", "Hello.\nBye.", "\nwhy\n") { Cut = true },
            new("why\n</think>\n\n<response>\nHello.\n\nBye.\n</response>\n", "Hello.\n\nBye.", "why\n"),
            new("<Thought>why</Thought>\n<Output>Hello.</Output>", "Hello.", "why"),
            new("<think>why</think><answer>42</answer>", "<answer>42</answer>", "why") { Prompt = "Put the number into <answer> tags." },
            new("<answer>42</answer>", "<answer>42</answer>"),
            new("<think>why</think>Write <answer>42</answer>.", "Write <answer>42</answer>.", "why"),
        ],
        ["granite"] =
        [
            new("Here is my thought process: why Here is my response: Hello.", "Hello.", "Here is my thought process: why "),
            new("Here's my thought process:\nwhy\n\nHere’s my response:\n\n    code();\n", "    code();\n", "Here's my thought process:\nwhy\n\n"),
            new("Here is my thought process: why", "", "Here is my thought process: why") { Cut = true },
            new("Here is my thought process: I add them.", "Here is my thought process: I add them."),
            new("Here is my thought", "Here is my thought"),
            new("Here is my thought process: why Here is my response: Hello.", "Hello.", "Here is my thought process: why ") { Live = true },
        ],
        ["thought list"] =
        [
            new(Plan + "Hello!", "Hello!", Plan),
            new(Plan + "Hello!", "Hello!", Plan) { Live = true },
            new(Plan + "    *Wait, one more thing.*\n\nLet's write it.\n\nHello!", "Hello!", Plan + "    *Wait, one more thing.*\n\nLet's write it.\n\n"),
            new(Plan + "Some draft\n\n3.  **Final Check:** fine.\n\nHello!", "Hello!", Plan + "Some draft\n\n3.  **Final Check:** fine.\n\n"),
            new(Plan + "1. First.\n2. Second.\n3. Third.", "1. First.\n2. Second.\n3. Third.", Plan),
            new("Here's a thinking process:\n\n1.  **Analyze User Input:**\n   - **Role:** none\n2.  **Done.**✅\nHello!", "Hello!", "Here's a thinking process:\n\n1.  **Analyze User Input:**\n   - **Role:** none\n2.  **Done.**✅\n"),
            new("Here's a thinking process that leads to the answer:\n\n1. The user wants a greeting.\n2. Say hello.\n\nHello!", "Hello!", "Here's a thinking process that leads to the answer:\n\n1. The user wants a greeting.\n2. Say hello.\n\n"),
            new("Thinking Process:\r\n\r\n1. The user wants a greeting.\r\n\r\nHello!\r\n", "Hello!\r\n", "Thinking Process:\r\n\r\n1. The user wants a greeting.\r\n\r\n"),
            new(Plan, "", Plan) { Cut = true },
            new(Plan + "</think>\n\nHello!", "Hello!", Plan),
            new("Thinking Process:\n\n1. Empathize.\n2. Define.\n3. Ideate.\n\nThese are the steps.", "Thinking Process:\n\n1. Empathize.\n2. Define.\n3. Ideate.\n\nThese are the steps."),
            new("Thinking Process:\n\n1. The user is asked.\n2. Draft.\n\nThat is all.", "Thinking Process:\n\n1. The user is asked.\n2. Draft.\n\nThat is all.") { Prompt = "Describe the design thinking process." },
            new("Thinking Process: how people decide.\n\n1. Look.\n2. Let me see.", "Thinking Process: how people decide.\n\n1. Look.\n2. Let me see."),
            new("Thinking process:\n\nIt begins with the user.", "Thinking process:\n\nIt begins with the user."),
            new("Thinking Process:\n\n1. Observe\n2. Decide", "Thinking Process:\n\n1. Observe\n2. Decide"),
            new("Thinking Process:\n\n1. Step one\n2. Step two\n\nHello!", "Thinking Process:\n\n1. Step one\n2. Step two\n\nHello!") { CanThink = true },
            new("Thinking Process:\n\n1. First I greet.\n2. Then I stop.\n\nHello!", "Hello!", "Thinking Process:\n\n1. First I greet.\n2. Then I stop.\n\n"),
            new("Thinking Process:\n\nThe user says hi. I greet.\n\nHello!", "Hello!", "Thinking Process:\n\nThe user says hi. I greet.\n\n"),
            new("Here's a thinking process to debug this:\n\n1. **Identify the problem.** Look.\n\nStart there.", "Here's a thinking process to debug this:\n\n1. **Identify the problem.** Look.\n\nStart there."),
        ],
        ["beside the field"] =
        [
            new("Hello.", "Hello.") { Field = "why" },
            new("\n\n  Hello.", "  Hello.") { Field = "why" },
            new("\n</think>\n\nHello.", "Hello.") { Field = "why" },
            new("and more</think>Hello.", "Hello.", "and more") { Field = "why" },
            new("<think>why</think>\n\nHello.", "Hello.", "why") { Field = "why" },
            new("<answer>\nHello.\n</answer>", "Hello.") { Field = "why" },
            new("The user wants a greeting, so I will say hello.\n\nHello.", "Hello.") { Field = "\nThe user wants a greeting, so I will say hello.\n" },
            new("The user wants a greeting, so I will say hello.", "") { Field = "The user wants a greeting, so I will say hello.", Cut = true },
            new("The user wants a greeting, so I will say no more.", "The user wants a greeting, so I will say no more.") { Field = "The user wants a greeting, so I will say hello." },
            new("Hello. Nice to meet you.", "Hello. Nice to meet you.") { Field = "Hello." },
            new(Plan + "Hello!", Plan + "Hello!") { Field = "why" },
        ],
        ["kept in code"] =
        [
            new("```xml\n<think>why</think>\n```\nThat is how.", "```xml\n<think>why</think>\n```\nThat is how."),
            new("```xml\n</think>\n```\nThat is how.", "```xml\n</think>\n```\nThat is how."),
            new("~~~\n<think>\n</think>\n~~~\n", "~~~\n<think>\n</think>\n~~~\n"),
            new("````\n```\n<think>a</think>\n```\n````\nDone.", "````\n```\n<think>a</think>\n```\n````\nDone."),
            new("- like this:\n  ```\n  <think>\n  ```\n- or that", "- like this:\n  ```\n  <think>\n  ```\n- or that"),
            new("1. ```xml\n   <think>a</think>\n   ```\n2. done", "1. ```xml\n   <think>a</think>\n   ```\n2. done"),
            new("Code: ```\n<think>a</think>\n```\nDone.", "Code: ```\n<think>a</think>\n```\nDone."),
            new("```\n<think>\nnever ends", "```\n<think>\nnever ends") { Cut = true },
            new("Close it with `</think>` and go on.", "Close it with `</think>` and go on."),
            new("``<think>`</think>`` is code.", "``<think>`</think>`` is code."),
            new("Use ```<think>``` here, and `<think>x</think>` there.", "Use ```<think>``` here, and `<think>x</think>` there."),
            new("`<think>`, `</think>`: both.", "`<think>`, `</think>`: both."),
            new("Strip it:\n\n    <think>a</think>\n\nas above.", "Strip it:\n\n    <think>a</think>\n\nas above."),
            new("Regex: `re.sub(r\"<think>.*?</think>\", \"\", s)` strips it.", "Regex: `re.sub(r\"<think>.*?</think>\", \"\", s)` strips it."),
            new("<think>a</think>```xml\n<think>b</think>\n```\n", "```xml\n<think>b</think>\n```\n", "a"),
            new("`[THINK]` and ```[/THINK]``` and `◁think▷`", "`[THINK]` and ```[/THINK]``` and `◁think▷`"),
        ],
        ["kept in quotations"] =
        [
            new("The string \"<think>why</think>\" is stripped.", "The string \"<think>why</think>\" is stripped."),
            new("s = \"a </think> b\" + '<think>' + '</think>'", "s = \"a </think> b\" + '<think>' + '</think>'"),
            new("Models write “<think>” and „</think>“ or «<think>».", "Models write “<think>” and „</think>“ or «<think>»."),
            new("The tag </think> ends it.", "The tag </think> ends it."),
            new("The tags <think> and </think> are used.", "The tags <think> and </think> are used."),
            new("It ends with a tag (</think>).", "It ends with a tag (</think>)."),
            new("Reasoning ends with </think>, then the answer comes.", "Reasoning ends with </think>, then the answer comes."),
            new("Close it with </think>\nand go on.", "Close it with </think>\nand go on.") { Prompt = "How do I close a <think> tag?" },
            new("Write:\n</think>\nand go on.", "Write:\n</think>\nand go on.") { Prompt = "What comes after <think>?" },
            new("Wrap it like <think>this</think> always.", "Wrap it like <think>this</think> always.") { Prompt = "How is the <think> tag used?" },
            new("<think> opens a block.", "<think> opens a block.") { Prompt = "What does <think> do?" },
            new("{\"open\": \"<think>\", \"close\": \"</think>\"}", "{\"open\": \"<think>\", \"close\": \"</think>\"}"),
        ],
        ["kept to the letter"] =
        [
            new("<think>why</think>\n\n    def f():\n        pass\n", "    def f():\n        pass\n", "why"),
            new("<think>why</think>\n\t\n \n\tcode", "\tcode", "why"),
            new("<think>why\r\n</think>\r\n\r\nHello.\r\nBye.\r\n", "Hello.\r\nBye.\r\n", "why\r\n"),
            new("<think>why</think>\n\u00A0Hello\u200B.\u2028", "\u00A0Hello\u200B.\u2028", "why"),
            new("<think>why</think>\n1. One\n2. Two", "1. One\n2. Two", "why"),
            new("<think>why</think>\n# Thinking Process:\n\n1. One", "# Thinking Process:\n\n1. One", "why"),
            new("<think>why</think>Thinking Process:\n\n1. Analyze the user\n\nEnd.", "Thinking Process:\n\n1. Analyze the user\n\nEnd.", "why"),
        ],
        ["code in the reasoning"] =
        [
            new("<think>Use `</think>` here.\n</think>\nHello.", "Hello.", "Use `</think>` here.\n"),
            new("<think>\n```xml\n</think>\n```\nso\n</think>\nHello.", "Hello.", "\n```xml\n</think>\n```\nso\n"),
            new("<think>The tag </think> ends it.</think>Hello.", "Hello.", "The tag </think> ends it."),
            new("<think>\"</think>\" is it</think>Hello.", "Hello.", "\"</think>\" is it"),
            new("<think>```\nnot closed\n</think>\n\nHello.\n\n```\ncode\n```", "Hello.\n\n```\ncode\n```", "```\nnot closed\n"),
            new("<think>so I say </think> Hello.", " Hello.", "so I say "),
            new("<think>```\n</think>\n\nHello <think>b</think>.", "Hello .", "```\nb"),
        ],
    };

    public static IEnumerable<ReasoningCase> All => ByForm.Values.SelectMany(cases => cases);
}
