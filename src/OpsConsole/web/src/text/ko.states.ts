import type * as en from './en.states';

/** Words of payments' documents. */
export const payments: typeof en.payments = {
  statuses: {
    pending: '결제 중', awaiting_deposit: '입금 대기', completed: '결제 완료', failed: '결제 안 됨', cancelled: '결제된 금액 없음',
    refunding: '환불 중', refunded: '환불 완료', refund_failed: '환불 실패',
  },
  methods: { billing: '등록된 카드', card: '카드', virtual_account: '가상계좌' },
  movements: { captured: '결제', refunded: '환불', settled_by_hand: '직접 처리', deposit_reversed: '은행의 입금 회수' },
  refundKinds: { full: '남은 금액 전부', partial_cancel: '부분 취소', operator: '운영자', at_pg: 'PG 콘솔' },
  refundStatuses: { queued: '대기', under_way: '진행 중', failed: '실패', refunded: '환불 완료', closed: '종료' },
};

/** Words of shipments. */
export const shipping: typeof en.shipping = {
  statuses: {
    stub: '요청 전', preparing: '준비 중', prepared: '준비 완료', dispatching: '발송 중', dispatched: '발송됨', in_transit: '이동 중',
    out_for_delivery: '배송 출발', delivered: '배송 완료', delivery_failed: '배송 실패', cancelling: '취소 중', cancelled: '취소됨',
    failed: '준비 실패', returning: '반송 중', return_picked_up: '반품 수거', returned: '창고 도착', return_completed: '반품 완료',
  },
  reports: {
    REGISTERED: '송장 등록', INFORMATION_RECEIVED: '송장 등록', CANCELLED: '취소됨', DISPATCHED: '인계', AT_PICKUP: '인계', IN_TRANSIT: '이동 중',
    OUT_FOR_DELIVERY: '배송 출발', ATTEMPT_FAIL: '수취인 부재', DELIVERED: '배송 완료', EXCEPTION: '배송 포기', RETURN_REQUESTED: '반송 요청',
    RETURNING: '반송 중', RETURN_PICKED_UP: '반품 수거', RETURNED: '창고 도착',
  },
};

/** What an alert is, in a few words; the server's text has the details. */
export const alertTitles: typeof en.alertTitles = {
  SAGA_NEEDS_ATTENTION: '사람을 기다리는 사가',
  SAGA_STUCK: '멈춰 있던 사가',
  DEPOSIT_REVERSED: '은행이 입금을 회수함',
  REFUND_FAILED: '환불 실패',
  REFUNDED_TWICE: '받은 금액보다 많이 환불됨',
  PAYMENT_AMOUNT_MISMATCH: '요청과 다른 금액이 결제됨',
  RECONCILIATION_UNKNOWN_PAYMENT: 'PG에 우리 것이 아닌 결제가 있음',
  RECONCILIATION_MISSING_IN_LEDGER: 'PG에는 있고 원장에는 없는 거래',
  RECONCILIATION_MISSING_AT_PG: '원장에는 있고 PG에는 없는 거래',
  RECONCILIATION_AMOUNT_DIFFERS: 'PG와 원장의 금액이 다름',
  RECONCILIATION_FAILED: 'PG 거래 내역을 읽지 못함',
  PARCEL_WITHOUT_ORDER: '주문 없는 상품이 배송 중',
  CARRIER_CONTRADICTS: '택배사 상태가 배송 기록과 다름',
  SECOND_WAYBILL: '주문에 송장이 둘 있음',
  PARCEL_LACKS_LINES: '결제된 상품이 빠진 채 발송됨',
  WAYBILL_GONE: '결제된 주문의 송장이 없어짐',
  RETURN_REFUSED: '택배사가 반품을 거절함',
  CARRIER_UNREACHABLE: '택배사 응답 없음',
  OUT_OF_STOCK: '품절',
  LOW_STOCK: '재고 부족',
  STATS_REBUILD_STUCK: '통계 재구성이 진행되지 않음',
  DOCUMENT_PARKED: '처리가 멈춘 문서',
  DEAD_LETTER: '실패한 메시지가 있는 큐',
  CIRCUIT_OPEN: '외부 시스템 호출 차단',
};
