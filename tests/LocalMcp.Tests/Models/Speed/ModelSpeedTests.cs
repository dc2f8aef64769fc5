using LocalMcp.Models.Speed;

namespace LocalMcp.Tests.Models.Speed;

public sealed class ModelSpeedTests
{
    private static readonly SpeedKey Key = new("", "ollama", "http://127.0.0.1:11434", null, "m", null, null);

    [Theory]
    [InlineData(28.2, false, "28 tok/s est.", "fast")]
    [InlineData(16, true, "16 tok/s measured", "moderate")]
    [InlineData(133.48, true, "133 tok/s measured", "instant")]
    [InlineData(29.6, false, "30 tok/s est.", "instant")]
    [InlineData(29.4, false, "29 tok/s est.", "fast")]
    [InlineData(17.5, false, "18 tok/s est.", "fast")]
    [InlineData(17.4, false, "17 tok/s est.", "moderate")]
    [InlineData(7.96, false, "8 tok/s est.", "moderate")]
    [InlineData(7.9, false, "7.9 tok/s est.", "background only")]
    [InlineData(4.34, true, "4.3 tok/s measured", "background only")]
    public void A_number_and_the_word_beside_it_agree(double speed, bool isMeasured, string words, string feel)
    {
        var shown = new ModelSpeed(speed, isMeasured);
        Assert.Equal((words, feel), (shown.Words, shown.Feel));
    }

    [Fact]
    public void What_was_measured_replaces_the_estimate()
    {
        var measured = new MeasuredSpeed(Key, [20], [500], 1, DateTimeOffset.UnixEpoch);
        Assert.Equal(new ModelSpeed(20, true) { PrefillTokensPerSecond = 500 }, ModelSpeed.Of(measured, 40));
        Assert.Equal(new ModelSpeed(20, true) { PrefillTokensPerSecond = 500 }, ModelSpeed.Of(measured, null));
        Assert.Equal(new ModelSpeed(40, false), ModelSpeed.Of(null, 40));
        Assert.Null(ModelSpeed.Of(null, null));
    }

    [Fact]
    public void Where_only_reading_was_measured_the_writing_is_estimated_still()
    {
        var measured = new MeasuredSpeed(Key, [], [500], 1, DateTimeOffset.UnixEpoch);
        Assert.Equal(new ModelSpeed(40, false) { PrefillTokensPerSecond = 500 }, ModelSpeed.Of(measured, 40));
        Assert.Null(ModelSpeed.Of(measured, null));
    }

    [Theory]
    [InlineData(31, 128, null, 100.0)]
    [InlineData(32, 127, 50.0, null)]
    [InlineData(32, 128, 50.0, 100.0)]
    public void A_figure_that_rests_on_too_few_tokens_is_left_out(int answered, int read, double? decode, double? prefill) =>
        Assert.Equal(new SpeedSample(decode, prefill), SpeedSample.Of(50, answered, 100, read));

    [Theory]
    [InlineData(31, 127, 50.0)]
    [InlineData(null, null, 50.0)]
    [InlineData(500, 500, null)]
    [InlineData(500, 500, 0.0)]
    [InlineData(500, 500, double.PositiveInfinity)]
    [InlineData(500, 500, double.NaN)]
    public void Where_nothing_is_left_there_is_no_sample(int? answered, int? read, double? speed) =>
        Assert.Null(SpeedSample.Of(speed, answered, speed, read));
}
