-- What the core puts round the queue: effects once, the company stamped, fairness, keys, rescue. Runs after
-- Procrastinate's own schema, with search_path platform. All functions are the owner's; nobody else writes these tables.

-- A mark commits together with the job's effects, so that a job that is tried again after its commit does nothing.
CREATE TABLE job_effect (
    job_id bigint CONSTRAINT pk_job_effect PRIMARY KEY
        CONSTRAINT fk_job_effect_job_id REFERENCES procrastinate_jobs ON DELETE CASCADE
);

CREATE INDEX jobs_tenant_priority ON procrastinate_jobs ((args->>'tenant'), priority)
    WHERE status = 'todo' AND scheduled_at IS NULL;
CREATE INDEX jobs_due_priority ON procrastinate_jobs (priority DESC, id) WHERE status = 'todo' AND scheduled_at IS NULL;

-- Stamps the company, and gives the job its place. Virtual time: a company's next job stands behind its own last one,
-- not behind everybody's. Jobs for a later time are left out, or the head would be one that nobody may take yet.
CREATE FUNCTION stamp_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := nullif(current_setting('dougong.tenant', true), '');
    head integer;
    tail integer;
BEGIN
    IF company IS NULL THEN
        RAISE 'a job belongs to a company, and none is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF new.args ? 'tenant' AND new.args->>'tenant' IS DISTINCT FROM company THEN
        RAISE 'a job was enqueued for another company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    new.args := new.args || jsonb_build_object('tenant', company);
    SELECT j.priority INTO head FROM procrastinate_jobs j
        WHERE j.status = 'todo' AND j.scheduled_at IS NULL ORDER BY j.priority DESC, j.id LIMIT 1;
    IF new.scheduled_at IS NULL THEN
        SELECT min(j.priority) INTO tail FROM procrastinate_jobs j
            WHERE j.status = 'todo' AND j.scheduled_at IS NULL AND j.args->>'tenant' = company;
    END IF;
    new.priority := least(coalesce(tail - 1, head, 0), coalesce(head, 0));
    RETURN new;
END $$;

CREATE TRIGGER stamp_job BEFORE INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION stamp_job();

-- While a job runs its key is free: what is enqueued meanwhile may have to see what the running one did not, and
-- putting back a job whose key was taken again would fail.
CREATE FUNCTION start_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    new.queueing_lock := NULL;
    RETURN new;
END $$;

CREATE TRIGGER start_job BEFORE UPDATE OF status ON procrastinate_jobs FOR EACH ROW
    WHEN (old.status = 'todo' AND new.status = 'doing') EXECUTE FUNCTION start_job();

-- The notices that Procrastinate sends for a new job, for one that became due by other means.
CREATE FUNCTION announce_job(job bigint, queue text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    notice text := json_build_object('type', 'job_inserted', 'job_id', job)::text;
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || queue, notice);
    PERFORM pg_notify('procrastinate_any_queue_v1', notice);
END $$;

-- DO UPDATE, not DO NOTHING: it holds the waiting job until this transaction ends, so that the job sees its work.
CREATE FUNCTION enqueue_job(name text, queue text, arguments jsonb, key text, due timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    job bigint;
    waiting boolean;
BEGIN
    INSERT INTO procrastinate_jobs AS j (queue_name, task_name, queueing_lock, args, scheduled_at)
    VALUES (queue, name, current_setting('dougong.tenant', true) || ':' || name || ':' || key, arguments, due)
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at =
        CASE WHEN j.scheduled_at IS NOT NULL AND excluded.scheduled_at IS NOT NULL
            THEN least(j.scheduled_at, excluded.scheduled_at) END
    RETURNING j.id, j.xmax::text <> '0' INTO job, waiting;
    IF waiting THEN
        PERFORM announce_job(job, queue);
    END IF;
    RETURN job;
END $$;

-- First call of a job's transaction: false when its effects were committed before. Waits for a twin that still runs.
CREATE FUNCTION begin_job(job bigint, milliseconds integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    marked bigint;
BEGIN
    EXECUTE format('SET LOCAL statement_timeout = %s', milliseconds);
    INSERT INTO job_effect (job_id) VALUES (job) ON CONFLICT DO NOTHING RETURNING job_id INTO marked;
    RETURN marked IS NOT NULL;
END $$;

-- Putting a job back for later is not a try.
CREATE FUNCTION job_waits(job bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
BEGIN
    UPDATE procrastinate_jobs SET attempts = attempts - 1 WHERE id = job AND status = 'doing';
END $$;

-- One statement, judged again under the row's lock: two rescuers, or a rescuer and a new taker, never both win.
CREATE FUNCTION rescue_jobs(seconds double precision) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    job bigint;
    queue text;
    rescued integer := 0;
BEGIN
    FOR job, queue IN
        UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
        WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (
            SELECT w.id FROM procrastinate_workers w WHERE w.last_heartbeat < now() - make_interval(secs => seconds)))
        RETURNING id, queue_name
    LOOP
        rescued := rescued + 1;
        PERFORM announce_job(job, queue);
    END LOOP;
    RETURN rescued;
END $$;

-- Ended jobs are kept for some days to be looked at.
CREATE FUNCTION sweep_jobs(days double precision) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    swept integer;
BEGIN
    DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
        SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > now() - days * interval '1 day');
    GET DIAGNOSTICS swept = ROW_COUNT;
    RETURN swept;
END $$;

-- Procrastinate's functions name their tables without a schema, and its triggers write events: they run as the owner.
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOR name IN SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'platform'::regnamespace AND p.proname LIKE 'procrastinate\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = platform, pg_temp', name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
    END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION stamp_job(), start_job(), announce_job(bigint, text),
    enqueue_job(text, text, jsonb, text, timestamptz), begin_job(bigint, integer), job_waits(bigint),
    rescue_jobs(double precision), sweep_jobs(double precision) FROM PUBLIC;

-- What the application does in a business transaction …
GRANT EXECUTE ON FUNCTION enqueue_job(text, text, jsonb, text, timestamptz) TO dougong_app;

-- … and what a worker does. A role of its own for workers would get these instead of dougong_app.
GRANT EXECUTE ON FUNCTION begin_job(bigint, integer), job_waits(bigint), rescue_jobs(double precision),
    sweep_jobs(double precision), procrastinate_fetch_job_v2(character varying[], bigint),
    procrastinate_finish_job_v1(bigint, procrastinate_job_status, boolean),
    procrastinate_retry_job_v2(bigint, timestamptz, integer, character varying, character varying),
    procrastinate_register_worker_v1(), procrastinate_unregister_worker_v1(bigint),
    procrastinate_update_heartbeat_v1(bigint), procrastinate_prune_stalled_workers_v1(double precision) TO dougong_app;
GRANT SELECT (id, queue_name, status, abort_requested) ON procrastinate_jobs TO dougong_app;
