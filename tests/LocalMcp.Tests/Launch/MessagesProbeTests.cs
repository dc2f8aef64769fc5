using System.Net;
using LocalMcp.Launch;

namespace LocalMcp.Tests.Launch;

/// <summary>Who speaks Claude's Messages API, by the answers of real servers to an empty request.</summary>
public sealed class MessagesProbeTests
{
    [Theory]
    [InlineData(500, """{"error":{"code":500,"message":"'messages' is required","type":"server_error"}}""")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"model is required"},"request_id":"req_1"}""")]
    [InlineData(422, """{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}""")]
    [InlineData(200, """{"type":"error","error":{"type":"invalid_request_error","message":"x"}}""")]
    public void Who_misses_something_speaks_it(int status, string body) => Assert.True(MessagesProbe.Speaks((HttpStatusCode)status, body));

    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(404, """{"error":{"message":"File Not Found","type":"not_found_error","code":404}}""")]
    [InlineData(405, "405 method not allowed")]
    [InlineData(200, """{"error":"Unexpected endpoint or method. (POST /v1/messages)"}""")]
    [InlineData(200, "<!doctype html>")]
    [InlineData(500, """{"error":"internal"}""")]
    [InlineData(501, "")]
    public void Who_has_no_such_page_does_not(int status, string body) => Assert.False(MessagesProbe.Speaks((HttpStatusCode)status, body));
}
