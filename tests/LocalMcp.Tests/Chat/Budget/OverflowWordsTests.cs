using LocalMcp.Backends;
using LocalMcp.Chat.Budget;

namespace LocalMcp.Tests.Chat.Budget;

public sealed class OverflowWordsTests
{
    [Theory]
    [InlineData("""{"error":{"code":400,"message":"request (10019 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":10019,"n_ctx":4096}}""")]
    [InlineData("""{"error":"{\"error\":{\"code\":400,\"message\":\"request (10019 tokens) exceeds the available context size (4096 tokens), try increasing it\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":10019,\"n_ctx\":4096}}"}""")]
    [InlineData("""{"error":"request (10019 tokens) exceeds the available context size (4096 tokens), try increasing it"}""")]
    [InlineData("""{"error":{"message":"This model's maximum context length is 4096 tokens. However, your request has 10019 input tokens. Please reduce the length of the input messages.","type":"BadRequestError","param":null,"code":400}}""")]
    [InlineData("""{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 10275 tokens (10019 in the messages, 256 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","code":400}""")]
    [InlineData("""{"error":{"message":"The decoder prompt (length 10019) is longer than the maximum model length of 4096. Make sure that `max_model_len` is no smaller than the number of text tokens.","type":"BadRequestError","code":400}}""")]
    [InlineData("""{"error":"Trying to keep the first 10019 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input"}""")]
    [InlineData("""{"error":"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 10019>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input."}""")]
    [InlineData("""{"error":"Cannot truncate prompt with n_keep (10019) >= n_ctx (4096)"}""")]
    [InlineData("""{"object":"error","message":"The input (10019 tokens) is longer than the model's context length (4096 tokens).","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData("""{"object":"error","message":"Input length (10019 tokens) exceeds the maximum allowed length (4096 tokens). Use a shorter input or enable truncation.","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData("""{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 256 output tokens and your prompt contains at least 10019 input tokens, for a total of at least 10275 tokens. Please reduce the length of the input prompt or the number of requested output tokens.","type":"BadRequestError","code":400}}""")]
    [InlineData("""{"error":{"message":"This model's maximum context length is 4096 tokens. However, your messages resulted in 10019 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""")]
    [InlineData("""{"error":{"message":"Prompt too long: 10019 tokens exceeds max context window of 4096 tokens"}}""")]
    public void The_numbers_are_read_from_every_servers_words(string body) => Assert.Equal(new Overflow(TokenCount.Exact(10_019), 4_096), ServerWords.Overflow(body));

    [Theory]
    [InlineData("""{"error":"the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or something"}""")]
    [InlineData("""{"error":"The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input"}""")]
    [InlineData("""{"error":{"message":"Context size has been exceeded."}}""")]
    [InlineData("""{"error":"the request exceeds the available context size. try increasing the context size or enable context shift"}""")]
    public void Words_without_numbers_are_an_overflow_too(string body) => Assert.Equal(new Overflow(null, null), ServerWords.Overflow(body));

    [Theory]
    [InlineData("""{"error":{"message":"This model's maximum context length is 2048 tokens. However, your request has 8 input tokens plus 2045 'max_tokens'. Please reduce one or the other.","type":"BadRequestError","code":400}}""")]
    [InlineData("""{"error":"model 'nope' not found"}""")]
    [InlineData("""{"error":{"n_prompt_tokens":"many","n_ctx":4096}}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    [InlineData("")]
    public void Everything_else_is_none(string body) => Assert.Null(ServerWords.Overflow(body));
}
