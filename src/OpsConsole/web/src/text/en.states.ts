/** Words of payments' documents. */
export const payments = {
  statuses: {
    pending: 'Being charged', awaiting_deposit: 'Awaiting deposit', completed: 'Captured', failed: 'Not captured', cancelled: 'Nothing captured',
    refunding: 'Being refunded', refunded: 'Refunded', refund_failed: 'Refund failed',
  } as Record<string, string>,
  methods: { billing: 'Saved card', card: 'Card', virtual_account: 'Virtual account' } as Record<string, string>,
  movements: {
    captured: 'Captured', refunded: 'Refunded', settled_by_hand: 'Settled by hand', deposit_reversed: 'Deposit taken back by the bank',
  } as Record<string, string>,
  refundKinds: {
    full: 'everything left', partial_cancel: 'partial cancel', operator: 'by an operator', at_pg: 'at the PG’s console',
  } as Record<string, string>,
  refundStatuses: { queued: 'Queued', under_way: 'Under way', failed: 'Failed', refunded: 'Refunded', closed: 'Closed' } as Record<string, string>,
};

/** Words of shipments. */
export const shipping = {
  statuses: {
    stub: 'Not asked for yet', preparing: 'Being prepared', prepared: 'Prepared', dispatching: 'Being dispatched', dispatched: 'Dispatched',
    in_transit: 'In transit', out_for_delivery: 'Out for delivery', delivered: 'Delivered', delivery_failed: 'Not delivered',
    cancelling: 'Being cancelled', cancelled: 'Cancelled', failed: 'Not prepared', returning: 'Coming back', return_picked_up: 'Return picked up',
    returned: 'Back in the warehouse', return_completed: 'Return completed',
  } as Record<string, string>,
  reports: {
    REGISTERED: 'Registered', INFORMATION_RECEIVED: 'Registered', CANCELLED: 'Cancelled', DISPATCHED: 'Handed over', AT_PICKUP: 'Handed over',
    IN_TRANSIT: 'In transit', OUT_FOR_DELIVERY: 'Out for delivery', ATTEMPT_FAIL: 'Nobody was there', DELIVERED: 'Delivered',
    EXCEPTION: 'Given up', RETURN_REQUESTED: 'Return asked for', RETURNING: 'Coming back', RETURN_PICKED_UP: 'Return picked up',
    RETURNED: 'Back in the warehouse',
  } as Record<string, string>,
};

/** What an alert is, in a few words; the server's text has the details. */
export const alertTitles = {
  SAGA_NEEDS_ATTENTION: 'A saga waits for a person',
  SAGA_STUCK: 'A saga stood still',
  DEPOSIT_REVERSED: 'The bank took a deposit back',
  REFUND_FAILED: 'A refund fails',
  REFUNDED_TWICE: 'More was given back than was taken',
  PAYMENT_AMOUNT_MISMATCH: 'Another amount was captured than was asked for',
  RECONCILIATION_UNKNOWN_PAYMENT: 'The PG has a payment that is not ours',
  RECONCILIATION_MISSING_IN_LEDGER: 'The PG has a movement that the ledger has not',
  RECONCILIATION_MISSING_AT_PG: 'The ledger has a movement that the PG has not',
  RECONCILIATION_AMOUNT_DIFFERS: 'The PG and the ledger differ in an amount',
  RECONCILIATION_FAILED: 'The PG’s transactions could not be read',
  PARCEL_WITHOUT_ORDER: 'A parcel travels that nobody ordered',
  CARRIER_CONTRADICTS: 'The carrier contradicts the shipment',
  SECOND_WAYBILL: 'An order has a second waybill',
  PARCEL_LACKS_LINES: 'A parcel went out without lines that are paid for',
  WAYBILL_GONE: 'A paid order’s waybill is gone',
  RETURN_REFUSED: 'The carrier refuses a return',
  CARRIER_UNREACHABLE: 'The carrier does not answer',
  OUT_OF_STOCK: 'Sold out',
  LOW_STOCK: 'Stock runs low',
  STATS_REBUILD_STUCK: 'Rebuilding the statistics does not get on',
  DOCUMENT_PARKED: 'A document is parked',
  DEAD_LETTER: 'A queue has dead letters',
  CIRCUIT_OPEN: 'Calls to an outside system are held back',
} as Record<string, string>;
