-- Searching under row security. A function may use the index on the grams, which the planner keeps from the application's
-- role because its operator is not leakproof. It takes the company from the transaction's setting and from nowhere else,
-- and gives ids only: what they stand for is read behind row security, by whoever asked. Its owner becomes a role that passes
-- row security where there is one (tenancy.searching); under any other it answers the same, slower.
CREATE FUNCTION core.search_salt(tenant uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ('x' || right(replace(tenant::text, '-', ''), 16))::bit(64)::bigint
$$;

-- The records whose text fits; NULL where they are more than ``most``. What one in twenty of the newest holds is common: the
-- index would name a large part of the company's records, and a list meets enough of them by itself.
CREATE FUNCTION core.search_ids(patterns text[], grams bigint[], kinds text[], sites uuid[], states text[], most integer)
RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    company uuid := nullif(current_setting('dougong.tenant', true), '')::uuid;
    toks bigint[];
    ids uuid[];
BEGIN
    most := least(greatest(most, 1), 5000);
    IF company IS NULL OR coalesce(cardinality(patterns), 0) NOT BETWEEN 1 AND 8
        OR coalesce(cardinality(grams), 0) NOT BETWEEN 1 AND 200 THEN
        RETURN '{}';
    END IF;
    IF 10 <= (SELECT count(*) FROM (
            SELECT d.body FROM core.search_doc d
            WHERE d.tenant_id = company ORDER BY d.record_id DESC LIMIT 200) newest
        WHERE newest.body LIKE ALL (patterns)) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(g # core.search_salt(company)) INTO toks FROM unnest(grams) g;
    -- OFFSET 0: the index is to be read by the grams alone, which already are this company's.
    SELECT coalesce(array_agg(found.record_id), '{}') INTO ids FROM (
        SELECT named.record_id FROM (
            SELECT d.tenant_id, d.record_id FROM core.search_doc d
            WHERE d.tok @> toks AND d.body LIKE ALL (patterns)
                AND (kinds IS NULL OR d.record_kind = ANY (kinds))
                AND (sites IS NULL OR d.site_id = ANY (sites))
                AND (states IS NULL OR d.status = ANY (states))
            OFFSET 0) named
        WHERE named.tenant_id = company LIMIT most + 1) found;
    RETURN CASE WHEN cardinality(ids) <= most THEN ids END;
END $$;
REVOKE ALL ON FUNCTION core.search_ids FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.search_ids TO dougong_app;

-- The grams of a number, for a record that gets it in the very statement that writes it (records.direct); all other grams
-- are made by records.search.
CREATE FUNCTION core.number_grams(tenant uuid, number text) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    salt bigint := core.search_salt(tenant);
    made bigint[] := '{}';
    one bigint; two bigint := 0; three bigint; before bigint := 0;
BEGIN
    FOR i IN 1 .. length(number) LOOP
        one := ascii(substr(number, i, 1));
        made := made || (one # salt);
        IF NOT (one BETWEEN 48 AND 57 OR one BETWEEN 97 AND 122) THEN
            before := 0; two := 0;
            CONTINUE;
        END IF;
        IF two > 0 THEN
            made := made || ((two << 21 | one) # salt);
        END IF;
        two := CASE WHEN before > 0 THEN before << 21 | one ELSE 0 END;
        IF two > 0 THEN
            made := made || (two # salt);
        END IF;
        before := one;
    END LOOP;
    RETURN made;
END $$;
