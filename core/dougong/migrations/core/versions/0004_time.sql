-- What is due becomes jobs. Runs after 0004's tables, with search_path platform.

-- Row security without FORCE: the application sees its company's rows, the owner's tick below sees all.
ALTER TABLE due ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON due USING (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid)
    WITH CHECK (tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON due TO dougong_app;

-- As before, and the tick may enqueue for the company that stands in the arguments: nobody else can insert without one,
-- since enqueue_job below asks for it.
CREATE OR REPLACE FUNCTION stamp_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := coalesce(nullif(current_setting('dougong.tenant', true), ''), new.args->>'tenant');
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

CREATE OR REPLACE FUNCTION enqueue_job(name text, queue text, arguments jsonb, key text, due timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company text := nullif(current_setting('dougong.tenant', true), '');
    job bigint;
    waiting boolean;
BEGIN
    IF company IS NULL THEN
        RAISE 'a job belongs to a company, and none is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO procrastinate_jobs AS j (queue_name, task_name, queueing_lock, args, scheduled_at)
    VALUES (queue, name, company || ':' || name || ':' || key, arguments, due)
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at =
        CASE WHEN j.scheduled_at IS NOT NULL AND excluded.scheduled_at IS NOT NULL
            THEN least(j.scheduled_at, excluded.scheduled_at) END
    RETURNING j.id, j.xmax::text <> '0' INTO job, waiting;
    IF waiting THEN
        PERFORM announce_job(job, queue);
    END IF;
    RETURN job;
END $$;

-- Everything that is due at a moment becomes a job, one row one job; what another tick holds is left to it. The moment is
-- the caller's, so that a test can move time; the row is gone when its job exists, and comes back with the next due time.
CREATE FUNCTION tick(at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    one record;
    found integer := 0;
BEGIN
    FOR one IN
        DELETE FROM due d USING (
            SELECT w.tenant_id, w.kind, w.id FROM due w WHERE w.due_at <= at ORDER BY w.due_at LIMIT most
            FOR UPDATE SKIP LOCKED
        ) taken
        WHERE d.tenant_id = taken.tenant_id AND d.kind = taken.kind AND d.id = taken.id
        RETURNING d.tenant_id, d.kind, d.id
    LOOP
        found := found + 1;
        INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
        VALUES ('default', 'core.due', one.tenant_id || ':core.due:' || one.kind || ':' || one.id,
            jsonb_build_object('tenant', one.tenant_id, 'kind', one.kind, 'id', jsonb_build_object('uuid', one.id)))
        ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING;
    END LOOP;
    RETURN found;
END $$;

-- Which schedules a company has follows from its modules and sites: a change of either is due to be followed at once.
CREATE FUNCTION follow_schedules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platform, pg_temp AS $$
DECLARE
    company uuid := nullif(current_setting('dougong.tenant', true), '')::uuid;
BEGIN
    IF company IS NOT NULL THEN
        INSERT INTO due (tenant_id, kind, id, due_at) VALUES (company, 'core.schedules', company, now())
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

INSERT INTO due (tenant_id, kind, id, due_at) SELECT id, 'core.schedules', id, now() FROM tenant;

REVOKE EXECUTE ON FUNCTION tick(timestamptz, integer), follow_schedules() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tick(timestamptz, integer) TO dougong_app;
