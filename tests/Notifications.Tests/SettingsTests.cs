using System.Text;
using DoaMarket.Api;
using DoaMarket.Contracts;

namespace DoaMarket.Notifications.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void What_a_user_changes_is_changed_and_the_rest_stays()
    {
        var story = new Story();
        Change(story, """{"email":"kim@example.test","phone":"010-1234-5678","pushTokens":["phone"]}""");

        var after = Change(story, """{"language":"en","preferences":{"order_received":{"push":false}}}""");

        Assert.Equal(("en", "kim@example.test", "01012345678"), (after.Language, after.Email, after.Phone));
        Assert.Equal(["phone"], after.PushTokens);
        Assert.Equal(["order_received/push"], after.Unwanted);
        Assert.True(after.Wants("order_confirmed", "push"));
        var back = Change(story, """{"email":null,"preferences":{"order_received":{"push":true}}}""");
        Assert.Equal((null, "01012345678"), (back.Email, back.Phone));
        Assert.Empty(back.Unwanted);
    }

    [Fact]
    public void A_user_of_the_sandbox_begins_with_contact_points_and_can_take_them_away()
    {
        var story = new Story();

        var after = Change(story, """{"phone":null}""");

        Assert.Equal(("user-1@sandbox.test", null), (after.Email, after.Phone));
        Assert.Equal(["sandbox-user-1"], after.PushTokens);
        story.Hears(Samples.Dispatched);
        Assert.Equal(NotificationStatus.Skipped, story.Of(NotificationTypes.ShippingStarted, "sms").Status);
    }

    [Theory]
    [InlineData("""{"language":"fr"}""", "language")]
    [InlineData("""{"email":"nobody"}""", "email")]
    [InlineData("""{"email":"a b@example.test"}""", "email")]
    [InlineData("""{"email":"evil@x.test\r\nBcc: y@z.test"}""", "email")]
    [InlineData("""{"email":7}""", "email")]
    [InlineData("""{"phone":"02-123-4567"}""", "phone")]
    [InlineData("""{"phone":"call me"}""", "phone")]
    [InlineData("""{"phone":{}}""", "phone")]
    [InlineData("""{"pushTokens":["a","a"]}""", "pushTokens[1]")]
    [InlineData("""{"pushTokens":["has space"]}""", "pushTokens[0]")]
    [InlineData("""{"pushTokens":[null]}""", "pushTokens[0]")]
    [InlineData("""{"pushTokens":["1","2","3","4","5","6"]}""", "pushTokens")]
    [InlineData("""{"preferences":{"birthday":{"email":true}}}""", "preferences.birthday")]
    [InlineData("""{"preferences":{"order_received":null}}""", "preferences.order_received")]
    [InlineData("""{"preferences":{"order_received":{"sms":true}}}""", "preferences.order_received.sms")]
    [InlineData("""{"preferences":{"order_received":{"email":1}}}""", "preferences.order_received.email")]
    [InlineData("""{"birthday":"1990-01-01"}""", "birthday")]
    public void A_setting_that_cannot_be_is_refused_by_name(string json, string field)
    {
        var refused = Assert.Throws<ApiException>(() => Read(json).ToRequest(Samples.User));

        Assert.Equal(400, refused.Error.Status);
        Assert.Equal(field, refused.Details!.GetType().GetProperty("field")!.GetValue(refused.Details));
    }

    [Theory]
    [InlineData("010-1234-5678", "01012345678")]
    [InlineData("010 123 4567", "0101234567")]
    [InlineData("+82 10-1234-5678", "+821012345678")]
    [InlineData("010-1234-567890", null)]
    [InlineData("+0123456789", null)]
    [InlineData("", null)]
    [InlineData("+", null)]
    public void A_mobile_number_is_kept_in_one_form(string given, string? kept) =>
        Assert.Equal(kept, ContactPoints.Mobile(given));

    [Fact]
    public void A_notification_is_read_once_and_by_its_owner_alone()
    {
        var story = new Story().Hears(Samples.Created).Answers(new NoticeSent());
        var id = story.Mail.Id;

        Assert.Null(Mark(story, id, new("somebody")));
        Assert.Null(Mark(story, new(Guid.Empty), Samples.User));
        Assert.True(story.Mail.IsUnread);

        var first = Mark(story, id, Samples.User);
        Assert.Equal((story.Now, false), (first!.ReadAt!.Value, story.Mail.IsUnread));
        story.Now += TimeSpan.FromHours(1);
        Assert.Equal(first.ReadAt, Mark(story, id, Samples.User)!.ReadAt);
        Assert.Empty(story.Last.Changes);
    }

    [Fact]
    public void One_that_is_read_before_its_answer_comes_stays_read()
    {
        var story = new Story().Hears(Samples.Created);
        Mark(story, story.Mail.Id, Samples.User);

        story.Answers(new NoticeSent());

        Assert.Equal((NotificationStatus.Sent, false), (story.Mail.Status, story.Mail.IsUnread));
    }

    private static ContactPoints Change(Story story, string json) =>
        story.Asks<ChangeSettings, ContactPoints>(Read(json).ToRequest(Samples.User));

    private static Notification? Mark(Story story, NotificationId id, Kernel.UserId user) =>
        story.Asks<MarkRead, MarkedRead>(new(id, user)).Notification;

    private static SettingsBody Read(string json) =>
        ApiBody.Parse<SettingsBody>(Encoding.UTF8.GetBytes(json), ApiJson.Requests);
}
