-- The sandbox's memory. Tables named journal_* are the oracle: written in the same transaction as the effect they
-- record, never changed afterwards (the triggers below see to it), read by nothing but /oracle.

CREATE TABLE IF NOT EXISTS payment (
    id INTEGER PRIMARY KEY,
    payment_key TEXT NOT NULL UNIQUE,
    order_id TEXT NOT NULL,
    order_name TEXT NOT NULL,
    type TEXT NOT NULL,
    behaviour TEXT NOT NULL,
    status TEXT NOT NULL,
    amount INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    approved_at INTEGER,
    last_transaction_key TEXT,
    secret TEXT NOT NULL,
    failure_code TEXT,
    refund_failures INTEGER NOT NULL DEFAULT 0,
    CHECK (balance BETWEEN 0 AND amount)
);
CREATE INDEX IF NOT EXISTS payment_by_order ON payment (order_id, id);
CREATE INDEX IF NOT EXISTS payment_open ON payment (status) WHERE status = 'IN_PROGRESS';
CREATE INDEX IF NOT EXISTS payment_unhealed ON payment (behaviour) WHERE behaviour = 'refund_fails';

CREATE TABLE IF NOT EXISTS payment_cancel (
    id INTEGER PRIMARY KEY,
    payment_key TEXT NOT NULL REFERENCES payment (payment_key),
    transaction_key TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    refundable INTEGER NOT NULL,
    canceled_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_cancel_by_payment ON payment_cancel (payment_key, id);

-- An account that never moves by itself again has the largest next_at.
CREATE TABLE IF NOT EXISTS virtual_account (
    payment_key TEXT PRIMARY KEY REFERENCES payment (payment_key),
    bank TEXT NOT NULL,
    account_number TEXT NOT NULL UNIQUE,
    customer_name TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS virtual_account_next ON virtual_account (next_at);

CREATE TABLE IF NOT EXISTS pg_transaction (
    id INTEGER PRIMARY KEY,
    transaction_key TEXT NOT NULL UNIQUE,
    payment_key TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    amount INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS pg_transaction_by_order ON pg_transaction (order_id);
CREATE INDEX IF NOT EXISTS pg_transaction_by_time ON pg_transaction (at, id);

CREATE TABLE IF NOT EXISTS pg_answer (
    scope TEXT PRIMARY KEY,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pg_answer_by_time ON pg_answer (at);

CREATE TABLE IF NOT EXISTS parcel (
    id INTEGER PRIMARY KEY,
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL UNIQUE,
    client_reference TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    weight_grams INTEGER NOT NULL,
    items TEXT NOT NULL,
    status TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    next_move_at INTEGER,
    UNIQUE (carrier, client_reference)
);
CREATE INDEX IF NOT EXISTS parcel_moving ON parcel (next_move_at) WHERE next_move_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS parcel_event (
    id INTEGER PRIMARY KEY,
    tracking_number TEXT NOT NULL REFERENCES parcel (tracking_number),
    status TEXT NOT NULL,
    at INTEGER NOT NULL,
    description TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS parcel_event_by_parcel ON parcel_event (tracking_number, id);

CREATE TABLE IF NOT EXISTS registration_try (
    carrier TEXT NOT NULL,
    client_reference TEXT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (carrier, client_reference)
) WITHOUT ROWID;

-- A delivered callback is deleted; an abandoned one has no due time.
CREATE TABLE IF NOT EXISTS callback (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    carrier TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT
);
CREATE INDEX IF NOT EXISTS callback_due ON callback (kind, due_at) WHERE due_at IS NOT NULL;

-- Callbacks that have an address of their own.
CREATE TABLE IF NOT EXISTS callback_url (
    message_id TEXT PRIMARY KEY,
    url TEXT NOT NULL
) WITHOUT ROWID;

-- Whom the tracker calls when a parcel moves.
CREATE TABLE IF NOT EXISTS tracker_watch (
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (carrier, tracking_number, callback_url)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    sender TEXT NOT NULL,
    shown_to TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    html TEXT,
    headers TEXT NOT NULL,
    received_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS inbox_recipient (
    address TEXT NOT NULL,
    inbox_id INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    PRIMARY KEY (address, inbox_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inbox_recipient_by_inbox ON inbox_recipient (inbox_id);

CREATE TABLE IF NOT EXISTS journal_payment (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('capture', 'cancel', 'reversal')),
    order_id TEXT NOT NULL,
    payment_key TEXT NOT NULL,
    transaction_key TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    idempotency_key TEXT,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_payment_by_order ON journal_payment (order_id, seq);

CREATE TABLE IF NOT EXISTS journal_parcel (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('waybill', 'dispatch', 'cancel', 'return')),
    carrier TEXT NOT NULL,
    client_reference TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    operation_reference TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_parcel_by_reference ON journal_parcel (client_reference, seq);
CREATE INDEX IF NOT EXISTS journal_parcel_by_order ON journal_parcel (order_reference, client_reference);

-- A message that a person would see, and every further one under the same reference, which they would not see again.
CREATE TABLE IF NOT EXISTS journal_message (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('delivered', 'repeated')),
    channel TEXT NOT NULL CHECK (channel IN ('email', 'push', 'sms')),
    reference TEXT NOT NULL,
    recipient TEXT NOT NULL,
    inbox_id INTEGER NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_message_by_reference ON journal_message (reference, channel, seq);

CREATE TRIGGER IF NOT EXISTS journal_message_fixed BEFORE UPDATE ON journal_message
BEGIN SELECT RAISE(ABORT, 'journal_message is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_message_kept BEFORE DELETE ON journal_message
BEGIN SELECT RAISE(ABORT, 'journal_message is append-only'); END;

-- Each change of a parcel's address that was asked for, and whether the carrier took it.
CREATE TABLE IF NOT EXISTS journal_address (
    seq INTEGER PRIMARY KEY,
    tracking_number TEXT NOT NULL REFERENCES parcel (tracking_number),
    client_reference TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
    at INTEGER NOT NULL,
    UNIQUE (tracking_number, client_reference)
);
CREATE TRIGGER IF NOT EXISTS journal_address_fixed BEFORE UPDATE ON journal_address
BEGIN SELECT RAISE(ABORT, 'journal_address is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_address_kept BEFORE DELETE ON journal_address
BEGIN SELECT RAISE(ABORT, 'journal_address is append-only'); END;

CREATE TRIGGER IF NOT EXISTS journal_payment_fixed BEFORE UPDATE ON journal_payment
BEGIN SELECT RAISE(ABORT, 'journal_payment is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_payment_kept BEFORE DELETE ON journal_payment
BEGIN SELECT RAISE(ABORT, 'journal_payment is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_parcel_fixed BEFORE UPDATE ON journal_parcel
BEGIN SELECT RAISE(ABORT, 'journal_parcel is append-only'); END;
CREATE TRIGGER IF NOT EXISTS journal_parcel_kept BEFORE DELETE ON journal_parcel
BEGIN SELECT RAISE(ABORT, 'journal_parcel is append-only'); END;
