using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public class CodeBlockTests
{
    [Theory]
    [InlineData("```csharp\nint a;\n```")]
    [InlineData("Here it is:\n\n```\nint a;\n```\n\nIt declares a.")]
    [InlineData("~~~ cs title=\"`a`\"\nint a;\n~~~")]
    [InlineData("``````\nint a;\n``````````  ")]
    [InlineData("   ```\n   int a;\n   ```")]
    [InlineData("  ```\n int a;\n```")]
    [InlineData("\uFEFF```\nint a;\n```")]
    [InlineData("```\nint a;\n\n\n```")]
    [InlineData("Use `a` and ```b``` and\n```c```\n```\nint a;\n```")]
    public void The_one_block_is_the_file(string answer) => Assert.Equal("int a;\n", CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("int a;")]
    [InlineData("\n  \n\nint a;\n\n \n")]
    [InlineData("int a;\n")]
    public void Without_a_block_the_whole_text_is_the_file(string answer) => Assert.Equal("int a;\n", CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("```\na\n```\nand\n```\nb\n```")]
    [InlineData("```\na\n```\n~~~\nb\n~~~")]
    [InlineData("```py\na\n```\nand\n```\nb")]
    [InlineData("```py\na\n```\nand\n```\n```")]
    public void With_several_blocks_the_whole_text_is_the_file(string answer) => Assert.Equal(answer + "\n", CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("```\n~~~\n```\n", "~~~\n")]
    [InlineData("````\n```\na\n```\n````", "```\na\n```\n")]
    [InlineData("````markdown\n# A\n```bash\nb\n```\nc\n````\nDone.", "# A\n```bash\nb\n```\nc\n")]
    [InlineData("~~~md\n```\na\n```\n~~~", "```\na\n```\n")]
    [InlineData("```\na\n    ```\n```", "a\n    ```\n")]
    [InlineData("```\na\n``` b\n```", "a\n``` b\n")]
    public void A_fence_that_does_not_close_the_block_belongs_to_it(string answer, string file) => Assert.Equal(file, CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("```markdown\n# A\n\n```bash\nb\n```\n\nc\n```", "# A\n\n```bash\nb\n```\n\nc\n")]
    [InlineData("Here:\n```md\n```sh\na\n```\n```sh\nb\n```\n```\nDone.", "```sh\na\n```\n```sh\nb\n```\n")]
    public void Fences_in_a_markdown_block_may_be_as_long_as_its_own(string answer, string file) => Assert.Equal(file, CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("    ```\n    a\n    ```\n")]
    [InlineData("> ```\n> a\n> ```\n")]
    [InlineData("``\na\n``\n")]
    [InlineData("`` `\na\n`` `\n")]
    [InlineData("text ```\na\ntext ```\n")]
    public void What_is_no_fence_makes_no_block(string answer) => Assert.Equal(answer, CodeBlock.OfAnswer(answer));

    [Theory]
    [InlineData("1. First:\n\n    ```\n    int a;\n      b;\n    ```\n2. Then run it.")]
    [InlineData("- x\n  - y\n\n    ```\n    int a;\n      b;\n    ```")]
    [InlineData("- ```\n  int a;\n    b;\n  ```")]
    [InlineData("10) ```\n    int a;\n      b;\n    ```")]
    [InlineData("- x\n  - y\n    - z\n      ```\nint a;\n  b;\n      ```")]
    [InlineData("*\tx\n\n\t```\n\tint a;\n\t  b;\n\t```")]
    public void A_block_in_a_list_loses_the_indentation_of_the_list(string answer) => Assert.Equal("int a;\n  b;\n", CodeBlock.OfAnswer(answer));

    [Fact]
    public void Behind_a_list_four_columns_make_no_fence() => Assert.Equal("- a\n\nb\n\n    ```\n    c\n    ```\n", CodeBlock.OfAnswer("- a\n\nb\n\n    ```\n    c\n    ```"));

    [Theory]
    [InlineData("```py\na\n  b")]
    [InlineData("Here:\n```py\na\n  b\n")]
    public void A_block_that_is_never_closed_goes_to_the_end(string answer) => Assert.Equal("a\n  b\n", CodeBlock.OfAnswer(answer));

    [Fact]
    public void A_fence_with_nothing_behind_it_opens_no_block() => Assert.Equal("a\n```\n", CodeBlock.OfAnswer("a\n```\n"));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData("```\n```")]
    [InlineData("Here it is:\n```py\n\n   \n```\nDone.")]
    [InlineData("```py")]
    public void Nothing_is_empty(string answer) => Assert.Equal("", CodeBlock.OfAnswer(answer));

    [Fact]
    public void Blank_lines_before_the_code_and_its_indentation_stay() => Assert.Equal("\n\n  a\n\n b \n", CodeBlock.OfAnswer("```\n\n\n  a\n\n b \n```"));

    [Fact]
    public void The_indentation_of_the_first_line_stays_without_a_block() => Assert.Equal("    a\nb\n", CodeBlock.OfAnswer("\n\n    a\nb\n\n"));

    [Fact]
    public void A_tab_that_is_wider_than_the_indentation_becomes_what_is_left_of_it() => Assert.Equal("  a\n", CodeBlock.OfAnswer("  ```\n\ta\n  ```"));

    [Fact]
    public void Line_ends_stay_as_they_are() => Assert.Equal("a\r\nb\r\n", CodeBlock.OfAnswer("```\r\na\r\nb\r\n```\r\n"));

    [Theory]
    [InlineData("# Title\n\nInstall:\n\n```bash\nnpm i\n```\n", "# Title\n\nInstall:\n\n```bash\nnpm i\n```\n")]
    [InlineData("# Title\n\n```\na\n```\n", "# Title\n\n```\na\n```\n")]
    [InlineData("Sure.\n```markdown\n# Title\n```\n", "# Title\n")]
    [InlineData("Sure.\n```\n# Title\n```\n", "# Title\n")]
    [InlineData("```text\n# Title\n```\n", "# Title\n")]
    public void In_a_markdown_file_a_block_of_code_is_a_part_of_the_text(string answer, string file) => Assert.Equal(file, CodeBlock.OfAnswer(answer, "docs/README.MD"));

    [Fact]
    public void A_text_of_nothing_but_fences_stays_as_it_is()
    {
        var fences = string.Concat(Enumerable.Repeat("```\n", 100_000));
        Assert.Equal(fences, CodeBlock.OfAnswer(fences));
    }
}
