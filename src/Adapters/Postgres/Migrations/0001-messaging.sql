-- Messages, deliveries and what belongs to them. Documents have a table per kind in the schema of their service; those
-- tables follow from the declared kinds (PostgresSchema.cs).

-- Written once, in the commit that sent them. This is the journal.
CREATE TABLE messaging.messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  event_type text COLLATE "C" NOT NULL,
  event_version text NOT NULL,
  timestamp timestamptz NOT NULL,
  source text NOT NULL,
  correlation_id uuid NOT NULL,
  causation_id uuid,
  saga_id uuid,
  user_id text,
  subject text COLLATE "C",
  traceparent text,
  environment text,
  body json NOT NULL -- personal data masked
);
CREATE INDEX messages_correlation ON messaging.messages (correlation_id);
CREATE INDEX messages_subject ON messaging.messages (subject) WHERE subject IS NOT NULL;

-- One narrow row per message and queue, until it is settled. A claim names its node; it is void when the node's
-- heartbeat is old, and when visible_at has passed.
CREATE TABLE messaging.deliveries (
  queue text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  visible_at timestamptz NOT NULL,
  node integer,
  receives integer NOT NULL,
  attempts integer NOT NULL,
  personal text,
  PRIMARY KEY (queue, seq)
) WITH (
  fillfactor = 70,
  -- Rows live for milliseconds: vacuum by their number, not by the share of a table that is empty most of the time.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
  autovacuum_vacuum_cost_delay = 0
);

-- Messages that failed for good, whole: where a broker carries messages, the journal may be in another database.
CREATE TABLE messaging.dead_letters (
  id uuid PRIMARY KEY,
  queue text COLLATE "C" NOT NULL,
  source_queue text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  correlation_id uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  dead_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  reason text NOT NULL,
  error text NOT NULL,
  headers text NOT NULL,
  body text NOT NULL,
  masked_body text NOT NULL,
  status text COLLATE "C" NOT NULL,
  settled_because text
);
CREATE INDEX dead_letters_status ON messaging.dead_letters (status, dead_at, id);
CREATE INDEX dead_letters_queue ON messaging.dead_letters (status, queue, dead_at, id);

-- Messages that the broker does not have yet; empty where messages travel in this database.
CREATE TABLE messaging.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  committed_at timestamptz NOT NULL,
  claimed_until timestamptz NOT NULL,
  event_id uuid NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  event_version text NOT NULL,
  timestamp timestamptz NOT NULL,
  source text NOT NULL,
  correlation_id uuid NOT NULL,
  causation_id uuid,
  saga_id uuid,
  user_id text,
  subject text COLLATE "C",
  traceparent text,
  environment text,
  body json NOT NULL, -- personal data masked
  personal text,
  to_queue text COLLATE "C"
) WITH (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
  autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE messaging.notes (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service text NOT NULL,
  at timestamptz NOT NULL,
  correlation_id uuid NOT NULL,
  subject text,
  event_id uuid,
  kind text NOT NULL,
  text text NOT NULL
);
CREATE INDEX notes_correlation ON messaging.notes (correlation_id);

-- The processes that work on this database.
CREATE TABLE messaging.nodes (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The last commits of each node: one whose answer was lost is looked up here. Whoever looks and finds nothing puts a row
-- of its own in the place, so that the lost commit cannot happen afterwards.
CREATE TABLE messaging.commits (
  node integer NOT NULL,
  number bigint NOT NULL,
  is_lost boolean NOT NULL DEFAULT false,
  PRIMARY KEY (node, number)
) WITH (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000,
  autovacuum_vacuum_cost_delay = 0
);

-- What each kind of document was when its table was made or changed last.
CREATE TABLE messaging.kinds (
  name text PRIMARY KEY,
  declared text NOT NULL
);

-- Ends a transaction whose rows are not all as they were loaded, before it can commit.
CREATE FUNCTION messaging.expect(written bigint, wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF written <> wanted THEN
    RAISE EXCEPTION '% of % documents are as they were loaded', written, wanted USING ERRCODE = '40001';
  END IF;
END $$;

-- Two messages under one id would lose one of them without a trace: nothing of such a commit is written.
CREATE FUNCTION messaging.same_type(sent text, now text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF sent <> now THEN
    RAISE EXCEPTION 'a % has the id of a % that was sent before', now, sent USING ERRCODE = '22000';
  END IF;
  RETURN true;
END $$;

-- The headers of a message as a dead letter keeps them.
CREATE FUNCTION messaging.headers(m messaging.messages) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'eventId', m.event_id, 'eventType', m.event_type, 'eventVersion', m.event_version, 'timestamp', m.timestamp,
    'source', m.source, 'correlationId', m.correlation_id, 'causationId', m.causation_id, 'sagaId', m.saga_id,
    'userId', m.user_id,
    'metadata', json_build_object('traceparent', m.traceparent, 'environment', m.environment))::text
$$;

-- For people.
CREATE SCHEMA journal;
CREATE VIEW journal.messages AS
  SELECT seq, timestamp, event_type, source, event_id, correlation_id, causation_id, subject AS order_id, user_id, body
  FROM messaging.messages;
CREATE VIEW journal.notes AS
  SELECT seq, at, service, correlation_id, subject AS order_id, event_id, kind, text FROM messaging.notes;
