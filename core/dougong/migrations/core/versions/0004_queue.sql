-- The queue at full strength: fair places for what becomes due, failures kept with their reason, workers that say how they are.
-- Runs after 0004_time.sql, with search_path platform. All functions are the owner's; nobody else writes these tables.

-- Why a job did not succeed, without personal data: the kind of the error, where it came from, words only where they are ours.
CREATE TABLE job_failure (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_job_failure PRIMARY KEY,
    job_id bigint NOT NULL CONSTRAINT fk_job_failure_job_id REFERENCES procrastinate_jobs ON DELETE CASCADE,
    at timestamptz NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    words text NOT NULL
);
CREATE INDEX ix_job_failure_job_id ON job_failure (job_id);

-- What a worker says of itself with each heartbeat. ``stuck``: threads whose job's time is over and that did not end;
-- ``clock_off``: seconds by which its clock is ahead of the database's.
CREATE TABLE worker (
    id bigint CONSTRAINT pk_worker PRIMARY KEY
        CONSTRAINT fk_worker_id REFERENCES procrastinate_workers ON DELETE CASCADE,
    host text NOT NULL,
    pid integer NOT NULL,
    queues text[] NOT NULL,
    slots integer NOT NULL,
    running bigint[] NOT NULL,
    stuck integer NOT NULL,
    clock_off double precision NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
);
-- The latest moment that a tick saw: an earlier one means that the clock was put back.
CREATE TABLE tick_seen (
    one boolean CONSTRAINT pk_tick_seen PRIMARY KEY DEFAULT true CHECK (one),
    at timestamptz NOT NULL
);

-- ---- whose jobs ----

-- A company's transaction cannot leave its company, and what it may do with a job it may do with its own: so a statement that
-- somebody smuggles into it reaches no other company's jobs, and nothing that is a worker's.
CREATE FUNCTION is_ours(arguments jsonb) RETURNS boolean
LANGUAGE sql STABLE SET search_path = platform, pg_temp
AS $$ SELECT coalesce(arguments->>'tenant' = nullif(current_setting('dougong.tenant', true), ''), true) $$;

CREATE FUNCTION need_worker() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = platform, pg_temp AS $$
BEGIN
    IF nullif(current_setting('dougong.tenant', true), '') IS NOT NULL THEN
        RAISE 'this is a worker''s to do, outside of all companies' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION keep_workers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM need_worker();
    RETURN NULL;
END $$;
CREATE TRIGGER keep_workers BEFORE INSERT OR UPDATE OR DELETE ON procrastinate_workers
    FOR EACH STATEMENT EXECUTE FUNCTION keep_workers();

-- Places are per queue: a queue that nobody serves must not hold the others' virtual time.
DROP INDEX jobs_tenant_priority, jobs_due_priority;
-- A queue is often empty when the database takes its statistics, and then plans as if it always were. So that a long line is never
-- walked, each question has an order that one index alone has (- priority, 0 - priority), in functions without other ways.
CREATE INDEX jobs_tenant_priority ON procrastinate_jobs (queue_name, (args->>'tenant'), (0 - priority))
    WHERE status = 'todo' AND scheduled_at IS NULL;
CREATE INDEX jobs_due_priority ON procrastinate_jobs (queue_name, (- priority), id)
    WHERE status = 'todo' AND scheduled_at IS NULL;
CREATE INDEX jobs_later ON procrastinate_jobs (scheduled_at) WHERE status = 'todo' AND scheduled_at IS NOT NULL;

-- A notice says "look", no more: the same text every time, so that a transaction sends one, however many jobs it made.
CREATE OR REPLACE FUNCTION announce_job(job bigint, queue text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || queue, '{"type": "job_inserted", "job_id": 0}');
    PERFORM pg_notify('procrastinate_any_queue_v1', '{"type": "job_inserted", "job_id": 0}');
END $$;
ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1;

-- Stamps the company. The tick may enqueue for the company that stands in the arguments: nobody else can insert without one
-- of its own, since enqueue_job below asks for it.
CREATE OR REPLACE FUNCTION stamp_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := coalesce(nullif(current_setting('dougong.tenant', true), ''), new.args->>'tenant');
BEGIN
    IF company IS NULL THEN
        RAISE 'a job belongs to a company, and none is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF new.args ? 'tenant' AND new.args->>'tenant' IS DISTINCT FROM company THEN
        RAISE 'a job was enqueued for another company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    new.args := new.args || jsonb_build_object('tenant', company);
    RETURN new;
END $$;

-- Virtual time: the place of the queue's first job, and of a company's next one. A company's next job stands behind its own
-- last one, not behind everybody's. Jobs for a later time have no place (the last one) before their time has come.
CREATE FUNCTION head_job(queue text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN coalesce((SELECT j.priority FROM procrastinate_jobs j
        WHERE j.queue_name = queue AND j.status = 'todo' AND j.scheduled_at IS NULL
        ORDER BY (- j.priority), j.id LIMIT 1), 0);
END $$;

CREATE FUNCTION tail_job(queue text, company text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN (SELECT j.priority FROM procrastinate_jobs j WHERE j.queue_name = queue AND j.status = 'todo'
        AND j.scheduled_at IS NULL AND j.args->>'tenant' = company ORDER BY (0 - j.priority) DESC LIMIT 1);
END $$;

CREATE FUNCTION place_job(queue text, company text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    head integer := head_job(queue);
BEGIN
    RETURN least(coalesce(tail_job(queue, company), head + 1), head + 1) - 1;
END $$;

-- DO UPDATE, not DO NOTHING: it holds the waiting job until this transaction ends, so that the job sees its work.
CREATE OR REPLACE FUNCTION enqueue_job(name text, queue text, arguments jsonb, key text, due timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := nullif(current_setting('dougong.tenant', true), '');
    job bigint;
BEGIN
    IF company IS NULL THEN
        RAISE 'a job belongs to a company, and none is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO procrastinate_jobs AS j (queue_name, task_name, queueing_lock, args, scheduled_at, priority)
    VALUES (queue, name, company || ':' || name || ':' || key, arguments, due,
        CASE WHEN due IS NULL THEN place_job(queue, company) ELSE -2000000000 END)
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET
        scheduled_at = CASE WHEN j.scheduled_at IS NOT NULL AND excluded.scheduled_at IS NOT NULL
            THEN least(j.scheduled_at, excluded.scheduled_at) END,
        priority = CASE WHEN j.scheduled_at IS NOT NULL AND excluded.scheduled_at IS NULL
            THEN excluded.priority ELSE j.priority END
    RETURNING j.id INTO job;
    IF due IS NULL THEN
        PERFORM announce_job(job, queue);
    END IF;
    RETURN job;
END $$;

-- ---- the tick: what is due gets a place ----

-- Jobs for later whose moment has come. A company with very many of the same moment does not come before another's one: first
-- the first of each, then the second of each.
CREATE FUNCTION promote_jobs(at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp SET enable_seqscan = off AS $$
DECLARE
    queues text[];
    found integer;
BEGIN
    IF coalesce((SELECT min(j.scheduled_at) FROM procrastinate_jobs j
            WHERE j.status = 'todo' AND j.scheduled_at IS NOT NULL) > at, true) THEN
        RETURN 0;
    END IF;
    WITH near AS MATERIALIZED (
        SELECT j.id, j.args->>'tenant' AS company, j.scheduled_at FROM procrastinate_jobs j
        WHERE j.status = 'todo' AND j.scheduled_at <= at ORDER BY j.scheduled_at LIMIT 100000
    ), picked AS (
        SELECT n.id, row_number() OVER (PARTITION BY n.company ORDER BY n.scheduled_at, n.id) AS turn, n.scheduled_at
        FROM near n ORDER BY turn, n.scheduled_at LIMIT most
    ), locked AS (
        SELECT j.id, j.queue_name AS queue, j.args->>'tenant' AS company, p.turn
        FROM procrastinate_jobs j JOIN picked p ON p.id = j.id
        WHERE j.status = 'todo' AND j.scheduled_at <= at FOR UPDATE OF j SKIP LOCKED
    ), first AS (
        SELECT q.queue, head_job(q.queue) AS head FROM (SELECT DISTINCT l.queue FROM locked l) q
    ), last AS (
        SELECT c.queue, c.company, tail_job(c.queue, c.company) AS tail
        FROM (SELECT DISTINCT l.queue, l.company FROM locked l) c
    ), placed AS (
        SELECT l.id, least(coalesce(last.tail, first.head + 1), first.head + 1)
            - row_number() OVER (PARTITION BY l.queue, l.company ORDER BY l.turn) AS place
        FROM locked l JOIN first ON first.queue = l.queue
        JOIN last ON last.queue = l.queue AND last.company = l.company
    ), promoted AS (
        UPDATE procrastinate_jobs j SET scheduled_at = NULL, priority = p.place FROM placed p WHERE j.id = p.id
        RETURNING j.queue_name
    )
    SELECT count(*), array_agg(DISTINCT p.queue_name) INTO found, queues FROM promoted p;
    PERFORM announce_job(0, queue) FROM unnest(queues) AS queue;
    RETURN found;
END $$;

-- Everything that is due at a moment becomes a job, one row one job, as fairly; what another transaction holds is left to the
-- next tick. The row is gone when its job exists, and comes back with the next due time.
CREATE FUNCTION queue_due(at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp SET enable_seqscan = off AS $$
DECLARE
    head integer;
    found integer;
BEGIN
    -- The index's first entry: the planner would walk the table where it does not know how early "at" is.
    IF coalesce((SELECT min(d.due_at) FROM due d) > at, true) THEN
        RETURN 0;
    END IF;
    head := head_job('default');
    WITH near AS MATERIALIZED (
        SELECT d.tenant_id, d.kind, d.id, d.due_at FROM due d WHERE d.due_at <= at ORDER BY d.due_at LIMIT 100000
    ), picked AS (
        SELECT n.*, row_number() OVER (PARTITION BY n.tenant_id ORDER BY n.due_at) AS turn
        FROM near n ORDER BY turn, n.due_at LIMIT most
    ), locked AS (
        SELECT d.tenant_id, d.kind, d.id, p.turn FROM due d
        JOIN picked p ON p.tenant_id = d.tenant_id AND p.kind = d.kind AND p.id = d.id
        WHERE d.due_at <= at FOR UPDATE OF d SKIP LOCKED
    ), taken AS (
        DELETE FROM due d USING locked l WHERE d.tenant_id = l.tenant_id AND d.kind = l.kind AND d.id = l.id
        RETURNING d.tenant_id, d.kind, d.id, l.turn
    ), last AS (
        SELECT c.tenant_id, tail_job('default', c.tenant_id::text) AS tail
        FROM (SELECT DISTINCT t.tenant_id FROM taken t) c
    ), made AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, priority, args)
        SELECT 'default', 'core.due', t.tenant_id || ':core.due:' || t.kind || ':' || t.id,
            least(coalesce(last.tail, head + 1), head + 1) - row_number() OVER (PARTITION BY t.tenant_id ORDER BY t.turn),
            jsonb_build_object('tenant', t.tenant_id, 'kind', t.kind, 'id', jsonb_build_object('uuid', t.id))
        FROM taken t JOIN last ON last.tenant_id = t.tenant_id
        ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
    )
    SELECT count(*) INTO found FROM taken;
    IF found > 0 THEN
        PERFORM announce_job(0, 'default');
    END IF;
    RETURN found;
END $$;

-- Remembers the latest moment. When the clock was put back, what waits because of the wrong one is looked at again: schedules
-- plan anew, and jobs that were put back for a while come at once.
CREATE FUNCTION see_moment(at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    before timestamptz;
BEGIN
    SELECT s.at INTO before FROM tick_seen s;
    IF before IS NULL THEN
        INSERT INTO tick_seen (at) VALUES (see_moment.at);
    ELSIF see_moment.at > before + interval '1 minute' THEN
        UPDATE tick_seen s SET at = see_moment.at;
    ELSIF see_moment.at < before - interval '5 minutes' THEN
        RAISE WARNING 'the clock went back from % to %: schedules are planned anew', before, see_moment.at;
        UPDATE tick_seen s SET at = see_moment.at;
        UPDATE due d SET due_at = see_moment.at WHERE d.kind = 'core.schedule' AND d.due_at > see_moment.at;
        UPDATE procrastinate_jobs j SET scheduled_at = see_moment.at
            WHERE j.status = 'todo' AND j.scheduled_at > see_moment.at AND EXISTS (SELECT FROM procrastinate_events e
                WHERE e.job_id = j.id AND e.type = 'deferred_for_retry');
    END IF;
END $$;

-- One tick at a time: what two would pick is the same. The moment is the caller's, so that a test can move time.
CREATE FUNCTION tick(at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM need_worker();
    IF NOT pg_try_advisory_xact_lock(hashtext('dougong.tick')) THEN
        RETURN 0;
    END IF;
    PERFORM see_moment(at);
    RETURN promote_jobs(at, most) + queue_due(at, most);
END $$;

-- When something becomes due next, of whatever company: a moment and no more. For those who let time pass by steps.
CREATE FUNCTION next_due() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
    SELECT least((SELECT min(d.due_at) FROM due d),
        (SELECT min(j.scheduled_at) FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.scheduled_at IS NOT NULL));
$$;

-- ---- a job's way ----

-- The next job of one of these queues. ``held``: a company that has its share of this worker's slots.
CREATE FUNCTION take_job(worker bigint, queues text[], held text) RETURNS SETOF procrastinate_jobs
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    queue text;
    chosen bigint;
BEGIN
    PERFORM need_worker();
    FOREACH queue IN ARRAY queues LOOP
        -- The index's first and last entry say whether anybody else waits: else a long line of one company is walked for nothing.
        CONTINUE WHEN held IS NOT NULL
            AND held = (SELECT j.args->>'tenant' FROM procrastinate_jobs j WHERE j.queue_name = queue AND j.status = 'todo'
                AND j.scheduled_at IS NULL ORDER BY j.args->>'tenant' LIMIT 1)
            AND held = (SELECT j.args->>'tenant' FROM procrastinate_jobs j WHERE j.queue_name = queue AND j.status = 'todo'
                AND j.scheduled_at IS NULL ORDER BY j.args->>'tenant' DESC LIMIT 1);
        SELECT j.id INTO chosen FROM procrastinate_jobs j WHERE j.queue_name = queue AND j.status = 'todo'
            AND j.scheduled_at IS NULL AND (held IS NULL OR j.args->>'tenant' <> held)
            ORDER BY (- j.priority), j.id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            RETURN QUERY UPDATE procrastinate_jobs j SET status = 'doing', worker_id = worker WHERE j.id = chosen RETURNING j.*;
            RETURN;
        END IF;
    END LOOP;
END $$;

-- First call of a job's transaction: false when its effects were committed before. Waits for a twin that still runs. A thread
-- that hangs cannot be cut, but its transaction ends with the job's time, and its locks with it.
CREATE OR REPLACE FUNCTION begin_job(job bigint, milliseconds integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    marked bigint;
BEGIN
    EXECUTE format('SET LOCAL statement_timeout = %s', milliseconds);
    EXECUTE format('SET LOCAL idle_in_transaction_session_timeout = %s', milliseconds::bigint + 1000);
    INSERT INTO job_effect (job_id) SELECT j.id FROM procrastinate_jobs j WHERE j.id = job AND is_ours(j.args)
        ON CONFLICT DO NOTHING RETURNING job_id INTO marked;
    RETURN marked IS NOT NULL;
END $$;

-- Last call of a job's transaction: the job goes with its effects. False when it was taken from this worker meanwhile.
CREATE FUNCTION end_job(job bigint, worker bigint, tries integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    DELETE FROM procrastinate_jobs j
        WHERE j.id = job AND j.status = 'doing' AND j.worker_id = worker AND j.attempts = tries
            AND is_ours(j.args);
    RETURN FOUND;
END $$;

-- A try that did not succeed: kept with its reason, tried again at a moment, or (none given) in quarantine until somebody
-- retries or drops it. False when the job was taken from this worker meanwhile.
CREATE FUNCTION fail_job(job bigint, worker bigint, tries integer, at timestamptz, kind text, place text, words text,
    again timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    UPDATE procrastinate_jobs j SET attempts = j.attempts + 1, scheduled_at = again, priority = -2000000000, worker_id = NULL,
        status = CASE WHEN again IS NULL THEN 'failed' ELSE 'todo' END::procrastinate_job_status
        WHERE j.id = job AND j.status = 'doing' AND j.worker_id = worker AND j.attempts = tries
            AND is_ours(j.args);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO job_failure (job_id, at, attempt, kind, place, words)
        VALUES (fail_job.job, fail_job.at, tries + 1, left(fail_job.kind, 200), left(fail_job.place, 200), left(fail_job.words, 500));
    DELETE FROM job_failure f WHERE f.job_id = job AND f.id <= (
        SELECT g.id FROM job_failure g WHERE g.job_id = job ORDER BY g.id DESC OFFSET 20 LIMIT 1);
    RETURN true;
END $$;

-- Putting a job back for later is not a try.
DROP FUNCTION job_waits(bigint);
CREATE FUNCTION job_waits(job bigint, worker bigint, tries integer, until timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    UPDATE procrastinate_jobs j SET status = 'todo', scheduled_at = until, priority = -2000000000, worker_id = NULL
        WHERE j.id = job AND j.status = 'doing' AND j.worker_id = worker AND j.attempts = tries
            AND is_ours(j.args);
    RETURN FOUND;
END $$;

-- One statement, judged again under the row's lock: two rescuers, or a rescuer and a new taker, never both win. A worker that
-- died counts as a try, and from the second on with a pause: a job that eats the memory must not take all workers with it.
DROP FUNCTION rescue_jobs(double precision);
CREATE FUNCTION rescue_jobs(seconds double precision, at timestamptz, pause double precision) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    one record;
    rescued integer := 0;
BEGIN
    PERFORM need_worker();
    FOR one IN
        UPDATE procrastinate_jobs j SET status = 'todo', attempts = j.attempts + 1, worker_id = NULL,
            priority = -2000000000, scheduled_at = rescue_jobs.at + CASE WHEN j.attempts > 0
                THEN make_interval(secs => least(pause * 2 ^ least(j.attempts, 20), 3600)) ELSE interval '0' END
        WHERE j.status = 'doing' AND (j.worker_id IS NULL OR j.worker_id IN (
            SELECT w.id FROM procrastinate_workers w WHERE w.last_heartbeat < now() - make_interval(secs => seconds)))
        RETURNING j.id, j.attempts
    LOOP
        rescued := rescued + 1;
        INSERT INTO job_failure (job_id, at, attempt, kind, place, words)
            VALUES (one.id, rescue_jobs.at, one.attempts, 'WorkerDied', '', '');
    END LOOP;
    RETURN rescued;
END $$;

-- ---- workers ----

-- A heartbeat. ``known``: false when the worker was given up as dead meanwhile: it must begin again. ``doing``: what the queue
-- believes that it does. ``off``: how far its clock is ahead; ``sound``: another worker lives whose clock agrees.
CREATE FUNCTION beat_worker(worker bigint, at timestamptz, host text, pid integer, queues text[], slots integer,
    running bigint[], stuck integer, OUT known boolean, OUT off double precision, OUT sound boolean, OUT doing bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    PERFORM need_worker();
    off := extract(epoch FROM beat_worker.at - clock_timestamp());
    UPDATE procrastinate_workers p SET last_heartbeat = clock_timestamp() WHERE p.id = beat_worker.worker;
    known := FOUND;
    IF NOT known THEN
        RETURN;
    END IF;
    INSERT INTO worker AS w (id, host, pid, queues, slots, running, stuck, clock_off)
        VALUES (beat_worker.worker, beat_worker.host, beat_worker.pid, beat_worker.queues, beat_worker.slots,
            beat_worker.running, beat_worker.stuck, off)
        ON CONFLICT (id) DO UPDATE SET running = excluded.running, stuck = excluded.stuck, clock_off = excluded.clock_off;
    sound := EXISTS (SELECT FROM worker w JOIN procrastinate_workers p ON p.id = w.id
        WHERE w.id <> beat_worker.worker AND abs(w.clock_off) <= 300 AND p.last_heartbeat > now() - interval '30 seconds');
    doing := ARRAY(SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'doing' AND j.worker_id = beat_worker.worker);
END $$;

-- Which workers there are: numbers and names of machines, nothing of any company. ``silent``: seconds since the last heartbeat.
CREATE FUNCTION workers_seen() RETURNS TABLE (id bigint, host text, pid integer, queues text[], slots integer,
    running bigint[], stuck integer, clock_off double precision, started_at timestamptz, beat_at timestamptz,
    silent double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
    SELECT w.id, w.host, w.pid, w.queues, w.slots, w.running, w.stuck, w.clock_off, w.started_at, p.last_heartbeat,
        extract(epoch FROM clock_timestamp() - p.last_heartbeat)::double precision
    FROM worker w JOIN procrastinate_workers p ON p.id = w.id ORDER BY w.id;
$$;

-- Jobs that a worker holds without doing them (its word to the database was lost) are free again.
CREATE FUNCTION loose_jobs(worker bigint, jobs bigint[], at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    freed integer;
BEGIN
    PERFORM need_worker();
    UPDATE procrastinate_jobs j SET status = 'todo', attempts = j.attempts + 1, scheduled_at = loose_jobs.at,
            priority = -2000000000, worker_id = NULL
        WHERE j.status = 'doing' AND j.worker_id = worker AND j.id = ANY (jobs);
    GET DIAGNOSTICS freed = ROW_COUNT;
    RETURN freed;
END $$;

-- ---- quarantine ----

-- Failed jobs are kept until somebody retries or drops them; of one company and one name the newest ``most``. Those of core.due
-- are all kept: deadlines and schedules live on by them.
DROP FUNCTION sweep_jobs(double precision);
CREATE FUNCTION sweep_jobs(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    swept integer;
BEGIN
    PERFORM need_worker();
    DELETE FROM procrastinate_jobs j USING (
        SELECT f.id, row_number() OVER (PARTITION BY f.args->>'tenant', f.task_name ORDER BY f.id DESC) AS turn
        FROM procrastinate_jobs f WHERE f.status = 'failed' AND f.task_name <> 'core.due'
    ) counted WHERE counted.id = j.id AND counted.turn > most AND j.status = 'failed';
    GET DIAGNOSTICS swept = ROW_COUNT;
    DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'cancelled', 'aborted');
    RETURN swept;
END $$;

REVOKE EXECUTE ON FUNCTION is_ours(jsonb), need_worker(), keep_workers(), head_job(text),
    tail_job(text, text), place_job(text, text), promote_jobs(timestamptz, integer),
    queue_due(timestamptz, integer), see_moment(timestamptz), next_due(), tick(timestamptz, integer), take_job(bigint, text[], text),
    end_job(bigint, bigint, integer), fail_job(bigint, bigint, integer, timestamptz, text, text, text, timestamptz),
    job_waits(bigint, bigint, integer, timestamptz), rescue_jobs(double precision, timestamptz, double precision),
    beat_worker(bigint, timestamptz, text, integer, text[], integer, bigint[], integer),
    loose_jobs(bigint, bigint[], timestamptz), sweep_jobs(integer), workers_seen()
    FROM PUBLIC;

-- The same for each job's own steps and for what they set off: foreign keys are looked up, and events written and deleted, by plans
-- that are made within these functions.
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOR name IN SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'platform'::regnamespace
        AND (p.proname IN ('enqueue_job', 'begin_job', 'end_job', 'fail_job', 'job_waits', 'loose_jobs')
            OR p.proname LIKE 'procrastinate\_trigger\_%' OR p.proname LIKE 'procrastinate\_unlink%')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', name);
    END LOOP;
END $$;

-- What a worker does. Taking, finishing and beating are ours now, not Procrastinate's.
GRANT EXECUTE ON FUNCTION next_due(), tick(timestamptz, integer), take_job(bigint, text[], text), end_job(bigint, bigint, integer),
    fail_job(bigint, bigint, integer, timestamptz, text, text, text, timestamptz),
    job_waits(bigint, bigint, integer, timestamptz), rescue_jobs(double precision, timestamptz, double precision),
    beat_worker(bigint, timestamptz, text, integer, text[], integer, bigint[], integer),
    loose_jobs(bigint, bigint[], timestamptz), sweep_jobs(integer), workers_seen() TO dougong_app;
REVOKE EXECUTE ON FUNCTION procrastinate_fetch_job_v2(character varying[], bigint),
    procrastinate_finish_job_v1(bigint, procrastinate_job_status, boolean),
    procrastinate_retry_job_v2(bigint, timestamptz, integer, character varying, character varying),
    procrastinate_update_heartbeat_v1(bigint) FROM dougong_app;
