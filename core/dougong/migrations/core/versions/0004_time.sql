-- What is due, and what puts it there; 0004_queue.sql makes jobs of it. Runs after 0004's tables, with search_path platform.

-- Row security without FORCE: the application sees its company's rows, the owner's tick below sees all.
ALTER TABLE due ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON due USING (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid)
    WITH CHECK (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON due TO dougong_app;

-- Which schedules a company has follows from its modules and sites: a change of either is due to be followed at once, whatever
-- moment the program's clock shows.
CREATE FUNCTION follow_schedules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company uuid := nullif(current_setting('dougong.tenant', true), '')::uuid;
BEGIN
    IF company IS NOT NULL THEN
        INSERT INTO due (tenant_id, kind, id, due_at) VALUES (company, 'core.schedules', company, 'epoch')
        ON CONFLICT (tenant_id, kind, id) DO UPDATE SET due_at = least(due.due_at, excluded.due_at);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER follow_schedules AFTER INSERT OR UPDATE OR DELETE ON core.site
    FOR EACH STATEMENT EXECUTE FUNCTION follow_schedules();
CREATE TRIGGER follow_schedules AFTER INSERT OR UPDATE OR DELETE ON core.module
    FOR EACH STATEMENT EXECUTE FUNCTION follow_schedules();
CREATE TRIGGER follow_schedules AFTER INSERT OR UPDATE OR DELETE ON core.module_site
    FOR EACH STATEMENT EXECUTE FUNCTION follow_schedules();

INSERT INTO due (tenant_id, kind, id, due_at) SELECT id, 'core.schedules', id, 'epoch' FROM tenant;

REVOKE EXECUTE ON FUNCTION follow_schedules() FROM PUBLIC;

-- ---- The desk: jobs as people look at them ----
-- Ids, states and reasons; never what a job works on. The functions that take a company are the owner's alone; those named
-- company_… take it from the transaction and are what the application may call.

CREATE INDEX jobs_tenant_failed ON procrastinate_jobs ((args->>'tenant'), id) WHERE status = 'failed';
CREATE INDEX jobs_tenant_later ON procrastinate_jobs ((args->>'tenant'), id)
    WHERE status = 'todo' AND scheduled_at IS NOT NULL;

-- A company sees how far its own long work is.
ALTER TABLE job_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_progress
    USING (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid)
    WITH CHECK (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_progress TO dougong_app;

CREATE FUNCTION this_company() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := nullif(current_setting('dougong.tenant', true), '');
BEGIN
    IF company IS NULL THEN
        RAISE 'jobs belong to a company, and none is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN company;
END $$;

-- The newest first. Each state by itself, so that each uses its own index. named: a job, or a module with all of its jobs.
CREATE FUNCTION jobs_found(company text, wanted text, named text, number bigint, before bigint, most integer)
RETURNS TABLE (id bigint, tenant_id uuid, job text, queue text, state text, attempts integer, due_at timestamptz,
    made_at timestamptz, tried_at timestamptz, kind text, place text, words text, done bigint, total bigint, note text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH found AS (
        (SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'failed'
            AND (company IS NULL OR j.args->>'tenant' = company) AND coalesce(wanted, 'failed') = 'failed'
            AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)))
            AND (number IS NULL OR j.id = number) AND (before IS NULL OR j.id < before)
            ORDER BY j.id DESC LIMIT most)
        UNION ALL
        (SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'doing'
            AND (company IS NULL OR j.args->>'tenant' = company) AND coalesce(wanted, 'doing') = 'doing'
            AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)))
            AND (number IS NULL OR j.id = number) AND (before IS NULL OR j.id < before)
            ORDER BY j.id DESC LIMIT most)
        UNION ALL
        (SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.scheduled_at IS NULL
            AND (company IS NULL OR j.args->>'tenant' = company) AND coalesce(wanted, 'todo') = 'todo'
            AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)))
            AND (number IS NULL OR j.id = number) AND (before IS NULL OR j.id < before)
            ORDER BY j.id DESC LIMIT most)
        UNION ALL
        (SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.scheduled_at IS NOT NULL
            AND (company IS NULL OR j.args->>'tenant' = company) AND coalesce(wanted, 'todo') = 'todo'
            AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)))
            AND (number IS NULL OR j.id = number) AND (before IS NULL OR j.id < before)
            ORDER BY j.id DESC LIMIT most)
    )
    SELECT j.id, (j.args->>'tenant')::uuid, j.task_name::text, j.queue_name::text, j.status::text, j.attempts,
        j.scheduled_at, e.made_at, coalesce(f.at, e.tried_at), f.kind, f.place, f.words, p.done, p.total, p.note
    FROM (SELECT f.id FROM found f ORDER BY f.id DESC LIMIT most) chosen
    JOIN procrastinate_jobs j ON j.id = chosen.id
    LEFT JOIN LATERAL (
        SELECT min(v.at) FILTER (WHERE v.type = 'deferred') AS made_at, max(v.at) FILTER (WHERE v.type = 'started') AS tried_at
        FROM procrastinate_events v WHERE v.job_id = j.id) e ON true
    LEFT JOIN LATERAL (
        SELECT w.at, w.kind, w.place, w.words FROM job_failure w WHERE w.job_id = j.id ORDER BY w.at DESC, w.attempt DESC LIMIT 1
    ) f ON true
    LEFT JOIN LATERAL (
        SELECT g.done, g.total, g.note FROM job_progress g
        WHERE g.tenant_id = (j.args->>'tenant')::uuid AND g.job_id = j.id ORDER BY g.at DESC LIMIT 1
    ) p ON true
    ORDER BY j.id DESC;
END $$;

CREATE FUNCTION jobs_counted(company text) RETURNS TABLE (tenant_id uuid, state text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
    SELECT (j.args->>'tenant')::uuid, j.status::text, count(*) FROM procrastinate_jobs j
    WHERE j.status IN ('todo', 'doing', 'failed') AND (company IS NULL OR j.args->>'tenant' = company) GROUP BY 1, 2
$$;

CREATE FUNCTION failures_found(company text, number bigint)
RETURNS TABLE (at timestamptz, attempt integer, kind text, place text, words text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT f.at, f.attempt::integer, f.kind, f.place, f.words
    FROM job_failure f JOIN procrastinate_jobs j ON j.id = f.job_id
    WHERE f.job_id = number AND (company IS NULL OR j.args->>'tenant' = company) ORDER BY f.at, f.attempt;
END $$;

-- Failed jobs begin anew; one that waits for its next try is tried at once when it is named by its number.
CREATE FUNCTION retry_jobs(company text, job bigint, named text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    one record;
    found integer := 0;
BEGIN
    FOR one IN
        SELECT j.id, j.queue_name, j.status FROM procrastinate_jobs j
        WHERE (j.status = 'failed' OR job IS NOT NULL AND j.status = 'todo' AND j.attempts > 0 AND j.scheduled_at IS NOT NULL)
            AND (company IS NULL OR j.args->>'tenant' = company) AND (job IS NULL OR j.id = job)
            AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)))
        ORDER BY j.id FOR UPDATE
    LOOP
        found := found + 1;
        UPDATE procrastinate_jobs j SET status = 'todo', scheduled_at = NULL, worker_id = NULL, abort_requested = false,
            priority = place_job(j.queue_name, j.args->>'tenant'),
            attempts = CASE WHEN one.status = 'failed' THEN 0 ELSE j.attempts END
        WHERE j.id = one.id;
        PERFORM announce_job(one.id, one.queue_name);
    END LOOP;
    RETURN found;
END $$;

-- What failed is forgotten; what waits too, when its number is given and the caller says so. Never core.due: deadlines and
-- schedules live on by it, so that dropping it would end them without a word.
CREATE FUNCTION drop_jobs(company text, job bigint, named text, waiting boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    found integer;
BEGIN
    DELETE FROM procrastinate_jobs j
    WHERE (j.status = 'failed' OR waiting AND job IS NOT NULL AND j.status = 'todo') AND j.task_name <> 'core.due'
        AND (company IS NULL OR j.args->>'tenant' = company) AND (job IS NULL OR j.id = job)
        AND (named IS NULL OR named IN (j.task_name, split_part(j.task_name, '.', 1)));
    GET DIAGNOSTICS found = ROW_COUNT;
    RETURN found;
END $$;

CREATE FUNCTION company_jobs(wanted text, named text, number bigint, before bigint, most integer)
RETURNS TABLE (id bigint, tenant_id uuid, job text, queue text, state text, attempts integer, due_at timestamptz,
    made_at timestamptz, tried_at timestamptz, kind text, place text, words text, done bigint, total bigint, note text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp
AS $$ SELECT * FROM jobs_found(this_company(), $1, $2, $3, $4, $5) $$;

CREATE FUNCTION company_jobs_counted() RETURNS TABLE (tenant_id uuid, state text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp
AS $$ SELECT * FROM jobs_counted(this_company()) $$;

CREATE FUNCTION company_failures(number bigint) RETURNS TABLE (at timestamptz, attempt integer, kind text, place text, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp
AS $$ SELECT * FROM failures_found(this_company(), $1) $$;

CREATE FUNCTION company_retry(job bigint, named text) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = platform, pg_temp
AS $$ SELECT retry_jobs(this_company(), $1, $2) $$;

CREATE FUNCTION company_drop(job bigint, named text) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = platform, pg_temp
AS $$ SELECT drop_jobs(this_company(), $1, $2, false) $$;

-- Whether somebody works: counts of the whole installation, with nothing of any company. What is due at once, whatever the
-- clock says, stands at the epoch, which tells nothing of how long it has waited.
CREATE FUNCTION queue_health() RETURNS TABLE (at timestamptz, workers bigint, beat timestamptz, waiting bigint,
    waiting_since timestamptz, later bigint, running bigint, failed bigint, overdue bigint, overdue_since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
    SELECT clock_timestamp(),
        (SELECT count(*) FROM procrastinate_workers w WHERE w.last_heartbeat > now() - interval '2 minutes'),
        (SELECT max(w.last_heartbeat) FROM procrastinate_workers w),
        q.waiting, least(q.due, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = q.first)), q.later, q.running,
        q.failed, d.n, d.since
    FROM (SELECT count(*) FILTER (WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())) AS waiting,
            min(j.scheduled_at) FILTER (WHERE j.status = 'todo' AND j.scheduled_at <= now()) AS due,
            min(j.id) FILTER (WHERE j.status = 'todo' AND j.scheduled_at IS NULL) AS first,
            count(*) FILTER (WHERE j.status = 'todo' AND j.scheduled_at > now()) AS later,
            count(*) FILTER (WHERE j.status = 'doing') AS running, count(*) FILTER (WHERE j.status = 'failed') AS failed
        FROM procrastinate_jobs j) q,
        (SELECT count(*) AS n, min(w.due_at) AS since FROM due w WHERE w.due_at <= now() AND w.due_at > 'epoch') d
$$;

-- The same question as cheaply as can be, for a page: something has waited for that long, and no worker was seen as long.
CREATE FUNCTION nobody_works(seconds double precision) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platform, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM procrastinate_workers w WHERE w.last_heartbeat > now() - make_interval(secs => seconds))
        AND (EXISTS (SELECT FROM due d WHERE d.due_at < now() - make_interval(secs => seconds) AND d.due_at > 'epoch')
            OR EXISTS (SELECT FROM procrastinate_jobs j WHERE j.status = 'todo'
                AND j.scheduled_at < now() - make_interval(secs => seconds))
            OR EXISTS (SELECT FROM (SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.scheduled_at IS NULL
                    ORDER BY j.priority DESC, j.id LIMIT 1) head
                WHERE NOT EXISTS (SELECT FROM procrastinate_events e
                    WHERE e.job_id = head.id AND e.at >= now() - make_interval(secs => seconds))))
$$;

REVOKE EXECUTE ON FUNCTION this_company(), jobs_found(text, text, text, bigint, bigint, integer), jobs_counted(text),
    failures_found(text, bigint), retry_jobs(text, bigint, text), drop_jobs(text, bigint, text, boolean),
    company_jobs(text, text, bigint, bigint, integer), company_jobs_counted(), company_failures(bigint),
    company_retry(bigint, text), company_drop(bigint, text), queue_health(), nobody_works(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION company_jobs(text, text, bigint, bigint, integer), company_jobs_counted(), company_failures(bigint),
    company_retry(bigint, text), company_drop(bigint, text), queue_health(), nobody_works(double precision) TO dougong_app;
