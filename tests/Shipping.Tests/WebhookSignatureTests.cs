using System.Text;

namespace DoaMarket.Shipping.Tests;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Rotated = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signed = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void A_signature_made_with_openssl_is_genuine()
    {
        Assert.Equal(WebhookVerdict.Genuine, new WebhookSignature(Secret).Verify(Id, Timestamp, Signed, Body, Now));
        Assert.Equal(Signed, new WebhookSignature(Secret).Sign(Id, Now, Body));
    }

    [Fact]
    public void One_fitting_signature_among_several_is_enough()
    {
        var header = $"v1,AAAA v1a,notours {Signed}";
        Assert.Equal(WebhookVerdict.Genuine, new WebhookSignature(Secret).Verify(Id, Timestamp, header, Body, Now));
    }

    [Fact]
    public void While_a_secret_is_rotated_both_are_taken()
    {
        var both = new WebhookSignature(Rotated, Secret);
        Assert.Equal(WebhookVerdict.Genuine, both.Verify(Id, Timestamp, Signed, Body, Now));
        var signedAnew = new WebhookSignature(Rotated).Sign(Id, Now, Body);
        Assert.Equal(WebhookVerdict.Genuine, both.Verify(Id, Timestamp, signedAnew, Body, Now));
        Assert.Equal(WebhookVerdict.Forged, new WebhookSignature(Rotated).Verify(Id, Timestamp, Signed, Body, Now));
    }

    [Theory]
    [InlineData("msg_other", Timestamp, Signed)]
    [InlineData(Id, "1614265331", Signed)]
    [InlineData(Id, Timestamp, "v1,AAAA")]
    [InlineData(Id, Timestamp, "v1,not base64!")]
    [InlineData(Id, Timestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData(Id, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Anything_changed_is_forged(string id, string timestamp, string header) =>
        Assert.Equal(WebhookVerdict.Forged, new WebhookSignature(Secret).Verify(id, timestamp, header, Body, Now));

    [Fact]
    public void A_changed_body_is_forged()
    {
        var changed = Encoding.UTF8.GetBytes("""{"test": 2432232315}""");
        Assert.Equal(WebhookVerdict.Forged, new WebhookSignature(Secret).Verify(Id, Timestamp, Signed, changed, Now));
    }

    [Theory]
    [InlineData(-301, WebhookVerdict.OutOfTime)]
    [InlineData(-300, WebhookVerdict.Genuine)]
    [InlineData(300, WebhookVerdict.Genuine)]
    [InlineData(301, WebhookVerdict.OutOfTime)]
    public void Five_minutes_either_way_are_tolerated(int seconds, WebhookVerdict expected) =>
        Assert.Equal(
            expected, new WebhookSignature(Secret).Verify(Id, Timestamp, Signed, Body, Now.AddSeconds(seconds)));

    [Theory]
    [InlineData(null, Timestamp, Signed, WebhookVerdict.Malformed)]
    [InlineData("", Timestamp, Signed, WebhookVerdict.Malformed)]
    [InlineData(Id, null, Signed, WebhookVerdict.Malformed)]
    [InlineData(Id, "yesterday", Signed, WebhookVerdict.Malformed)]
    [InlineData(Id, "-5", Signed, WebhookVerdict.Malformed)]
    [InlineData(Id, Timestamp, null, WebhookVerdict.Malformed)]
    [InlineData(Id, "9223372036854775807", Signed, WebhookVerdict.OutOfTime)]
    public void Headers_that_are_none_are_told_apart(
        string? id, string? timestamp, string? header, WebhookVerdict expected) =>
        Assert.Equal(expected, new WebhookSignature(Secret).Verify(id, timestamp, header, Body, Now));

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    public void A_secret_in_another_form_is_refused_at_the_start(string secret) =>
        Assert.Throws<ArgumentException>(() => new WebhookSignature(secret));
}
