using DoaMarket.Sandbox.Http;

namespace DoaMarket.Sandbox.Pg;

/// <summary>The error codes of Toss Payments that the sandbox answers, with their status and message.</summary>
internal static class PgErrors
{
    public const string Internal = "FAILED_INTERNAL_SYSTEM_PROCESSING";

    private static readonly Dictionary<string, (int Status, string Message)> Known = new(StringComparer.Ordinal)
    {
        ["ALREADY_PROCESSED_PAYMENT"] = (400, "이미 처리된 결제 입니다."),
        ["ALREADY_CANCELED_PAYMENT"] = (400, "이미 취소된 결제 입니다."),
        ["BELOW_MINIMUM_AMOUNT"] = (400, "신용카드는 결제금액이 100원 이상부터 결제가 가능합니다."),
        ["DUPLICATED_ORDER_ID"] = (400, "이미 승인 및 취소가 진행된 중복된 주문번호 입니다. 다른 주문번호로 진행해주세요."),
        ["INVALID_BANK"] = (400, "유효하지 않은 은행입니다."),
        ["INVALID_DATE"] = (400, "날짜 데이터가 잘못 되었습니다."),
        ["INVALID_REFUND_ACCOUNT_INFO"] = (400, "환불 계좌번호와 예금주명이 일치하지 않습니다."),
        ["EXCEED_MAX_AMOUNT"] = (400, "거래금액 한도를 초과했습니다."),
        ["INVALID_IDEMPOTENCY_KEY"] = (400, "멱등키는 300자 이하여야 합니다."),
        ["INVALID_ORDER_ID"] = (400, "orderId는 영문 대소문자, 숫자, 특수문자(-, _)만 허용하며 6자 이상 64자 이하여야 합니다."),
        ["INVALID_REQUEST"] = (400, "잘못된 요청입니다."),
        ["INVALID_STOPPED_CARD"] = (400, "정지된 카드 입니다."),
        ["NOT_MATCHES_REFUNDABLE_AMOUNT"] = (400, "잔액 결과가 일치하지 않습니다."),
        ["PROVIDER_ERROR"] = (400, "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요."),
        ["UNAUTHORIZED_KEY"] = (401, "인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다."),
        ["EXCEED_MAX_REFUND_DUE"] = (403, "환불 가능한 기간이 지났습니다."),
        ["FORBIDDEN_CONSECUTIVE_REQUEST"] = (403, "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요."),
        ["NOT_ALLOWED_PARTIAL_REFUND"] = (403, "부분 환불이 불가한 결제입니다."),
        ["NOT_CANCELABLE_AMOUNT"] = (403, "취소 할 수 없는 금액 입니다."),
        ["NOT_CANCELABLE_PAYMENT"] = (403, "취소 할 수 없는 결제 입니다."),
        ["REJECT_CARD_COMPANY"] = (403, "결제 승인이 거절되었습니다."),
        ["REJECT_CARD_PAYMENT"] = (403, "한도초과 혹은 잔액부족으로 결제에 실패했습니다."),
        ["NOT_FOUND_BILLING_KEY"] = (404, "존재하지 않는 빌링키 입니다."),
        ["NOT_FOUND_PAYMENT"] = (404, "존재하지 않는 결제 정보 입니다."),
        ["NOT_FOUND_PAYMENT_SESSION"] = (404, "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다."),
        ["IDEMPOTENT_REQUEST_PROCESSING"] = (409, "이전 멱등 요청이 처리중입니다."),
        [Internal] = (500, "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요."),
    };

    // "Ask again" answers say nothing final about the payment: the next call with the same key must be a new try.
    private static readonly HashSet<string> AskAgain = new(StringComparer.Ordinal)
    {
        "PROVIDER_ERROR", "FORBIDDEN_CONSECUTIVE_REQUEST", "IDEMPOTENT_REQUEST_PROCESSING",
    };

    public static bool IsKnown(string code) => Known.ContainsKey(code);

    public static bool IsDefinite(string code) => Known[code].Status < 500 && !AskAgain.Contains(code);

    public static string MessageOf(string code) => Known[code].Message;

    public static Answer Answer(string code, string? detail = null) => Http.Answer.Error(
        Known[code].Status, code, detail is null ? Known[code].Message : $"{Known[code].Message} ({detail})");

    /// <summary>What the PG answers while a fault keeps it down: 500, 503 or 504.</summary>
    public static Answer Unavailable(int status) => Http.Answer.Error(status, Internal, Known[Internal].Message);
}
