namespace DoaMarket.Host.Server;

/// <summary>What a person sees first: where everything is, and lines to paste.</summary>
public static class Welcome
{
    /// <summary>Prints it.</summary>
    public static void Print(Shop shop, string url)
    {
        Console.WriteLine($"""

              DOA Market Order Flow is running  ·  주문 처리가 시작되었습니다

                Console    {url}/console  (see every order, repair, play)
                API        {url}/api/v1
                Docs       {url}/docs
                Sandbox    {(shop.SandboxUrl is { } sandbox ? $"{sandbox}  (PG, carriers, inbox; turn faults on and off)" : "off")}
                Data       {shop.Place}

            """);
        if (shop.SandboxUrl is null)
        {
            return;
        }

        Console.WriteLine($$$"""
              Paste into another terminal  ·  다른 터미널에 붙여 넣으세요

                # 1. sign in  ·  로그인
                TOKEN=$(curl -s {{{url}}}/dev/token -H 'Content-Type: application/json' -d '{"userId":"u-1"}' | sed 's/.*"token":"\([^"]*\)".*/\1/')

                # 2. place an order and wait for its end  ·  주문하고 결과를 기다리기
                order() { curl -s {{{url}}}/api/v1/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Prefer: wait=15' -d '{"items":[{"productId":"P-1001","quantity":1}],"shippingAddress":{"recipientName":"홍길동","phone":"010-1234-5678","postalCode":"04524","address":"서울시 중구 세종대로 110"},"paymentMethod":{"type":"card","billingKey":"'$1'"}}'; echo; }
                order bk_ok

                # 3. a declined card: the stock is given back  ·  결제 거절: 재고가 복구됩니다
                order bk_declined

                # 4. watch an order, cancel it  ·  주문 조회와 취소
                ID=$(order bk_ok | sed 's/.*"orderId":"\([^"]*\)".*/\1/')
                curl -s {{{url}}}/api/v1/orders/$ID -H "Authorization: Bearer $TOKEN"; echo
                curl -s {{{url}}}/api/v1/orders/$ID/cancel -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"reason":"단순 변심"}'; echo

              Stop with Ctrl+C; orders go on where they were at the next start.

            """);
    }
}
