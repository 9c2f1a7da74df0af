using System.Text.Json;
using DoaMarket.Api;

namespace DoaMarket.Orders.Tests;

public sealed class PaymentMethodTests
{
    private static readonly RefundReceiveAccountBody Back = new("우리", "1002-123-456789", "홍길동");

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"type":"cash"}""", "paymentMethod.type" },
        { """{"type":"card"}""", "paymentMethod.billingKey" },
        { """{"type":"card","billingKey":"bk","bank":"우리"}""", "paymentMethod.bank" },
        { """{"type":"card","billingKey":"bk","refundReceiveAccount":{"bank":"우리","accountNumber":"1002123456","holderName":"홍"}}""", "paymentMethod.refundReceiveAccount" },
        { """{"type":"virtual_account"}""", "paymentMethod.bank" },
        { """{"type":"virtual_account","bank":" "}""", "paymentMethod.bank" },
        { """{"type":"virtual_account","bank":"우리"}""", "paymentMethod.refundReceiveAccount" },
        { """{"type":"virtual_account","bank":"우리","billingKey":"bk"}""", "paymentMethod.billingKey" },
        { """{"type":"virtual_account","bank":"우리","paymentKey":"pk"}""", "paymentMethod.paymentKey" },
        { """{"type":"virtual_account","bank":"우리","refundReceiveAccount":{"bank":"","accountNumber":"1002123456","holderName":"홍"}}""", "paymentMethod.refundReceiveAccount.bank" },
        { """{"type":"virtual_account","bank":"우리","refundReceiveAccount":{"bank":"우리","accountNumber":"12","holderName":"홍"}}""", "paymentMethod.refundReceiveAccount.accountNumber" },
        { """{"type":"virtual_account","bank":"우리","refundReceiveAccount":{"bank":"우리","accountNumber":"1002123456","holderName":""}}""", "paymentMethod.refundReceiveAccount.holderName" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_paid_with_is_refused_by_the_name_of_its_field(string json, string field)
    {
        var body = JsonSerializer.Deserialize<PaymentMethodBody>(json, ApiJson.Answers)!;

        var refusal = Assert.Throws<ApiException>(body.Check);

        Assert.Equal(400, refusal.Error.Status);
        Assert.Equal(field, JsonSerializer.SerializeToNode(refusal.Details)!["field"]!.GetValue<string>());
    }

    [Fact]
    public void A_virtual_account_comes_with_its_bank_and_where_the_money_would_go_back_to()
    {
        var body = new PaymentMethodBody("virtual_account", Bank: "우리", RefundReceiveAccount: Back);

        body.Check();
        var method = body.ToMethod();

        Assert.Equal(("virtual_account", "우리"), (method.Type, method.Bank));
        Assert.Equal(new("우리", "1002-123-456789", "홍길동"), method.RefundReceiveAccount);
    }
}
