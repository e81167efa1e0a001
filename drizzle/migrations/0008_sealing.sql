ALTER TABLE "seals" ADD COLUMN "digest" "bytea" NOT NULL;--> statement-breakpoint
CREATE INDEX "seals_covering" ON "seals" USING btree ("project_id","to_tick");--> statement-breakpoint
CREATE INDEX "seals_newest" ON "seals" USING btree ("to_tick");--> statement-breakpoint
-- By hand from here. The service gives each new row a key of its own in "mac"; the row keeps a hash of all it says under
-- that key (nested, so that nothing can be appended). Numbers and JSON as PostgreSQL writes them: the verifier hashes the same text.
CREATE FUNCTION vouch_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF length(NEW.mac) <> 32 THEN
    RAISE EXCEPTION 'An event comes with a key of 32 bytes.' USING ERRCODE = 'check_violation';
  END IF;
  NEW.mac := sha256(NEW.mac || sha256(convert_to(json_build_array(NEW.seq::text, NEW.id, NEW.project_id, NEW.name, NEW.actor::text,
    NEW.target, NEW.payload::text, NEW.request_id, NEW.ip, NEW.user_agent, (extract(epoch FROM NEW.at) * 1000)::bigint::text,
    NEW.tick::text)::text, 'UTF8')));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_vouch BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION vouch_event();
--> statement-breakpoint
-- For everybody, the owner too. The setting is on only inside the two functions below, which delete.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('countersign.dropping', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'Audit rows are never changed.' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER events_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER seals_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- A project is a throwaway one from the start or never: what is purged takes its audit rows with it.
CREATE FUNCTION refuse_purge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A project that is kept cannot become a throwaway one.' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER projects_keep BEFORE UPDATE OF purge_at ON projects FOR EACH ROW
  WHEN (OLD.purge_at IS NULL AND NEW.purge_at IS NOT NULL) EXECUTE FUNCTION refuse_purge();
--> statement-breakpoint
-- Drops the rows of a project up to and including a seal. Refuses what retention does not cover, and what the chain does
-- not tell of: the entry comes first.
CREATE FUNCTION drop_audit(project text, through integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  cut timestamptz;
  last record;
  gone bigint;
BEGIN
  -- A twin with test objects is kept as long as its live project.
  SELECT now() - make_interval(days => greatest(coalesce(p.audit_days, live.audit_days), 1)) INTO cut
  FROM projects p LEFT JOIN projects live ON live.id = p.test_of
  WHERE p.id = project AND coalesce(p.audit_days, live.audit_days) IS NOT NULL;
  SELECT to_tick, total, at INTO last FROM seals WHERE project_id = project AND number = through;
  IF cut IS NULL OR last.at IS NULL OR last.at >= cut
    OR EXISTS (SELECT FROM events WHERE project_id = project AND tick < last.to_tick AND at >= cut)
    OR NOT EXISTS (SELECT FROM events WHERE project_id = project AND name = 'audit.dropped' AND tick >= last.to_tick
      AND payload = jsonb_build_object('through', through, 'rows', last.total)) THEN
    RAISE EXCEPTION 'Only whole sealed ranges that are older than the retention are dropped.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Not a SET of the function: only a superuser may declare one of a setting that PostgreSQL does not know.
  PERFORM set_config('countersign.dropping', 'on', true);
  DELETE FROM events WHERE project_id = project AND tick < last.to_tick;
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('countersign.dropping', 'off', true);
  RETURN gone;
END $$;
--> statement-breakpoint
-- Removes throwaway projects whose time is up, with their twins and all they hold; several nodes may do it at once. What
-- has no foreign key goes in statements of its own, which see what was written beside a row that the first had to wait for.
CREATE FUNCTION purge_projects(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone text[];
BEGIN
  WITH due AS (
    SELECT id FROM projects WHERE purge_at <= now() ORDER BY purge_at LIMIT most FOR UPDATE SKIP LOCKED
  ), removed AS (
    DELETE FROM projects WHERE id IN (SELECT id FROM due) OR test_of IN (SELECT id FROM due) RETURNING id
  )
  SELECT coalesce(array_agg(id), '{}') INTO gone FROM removed;
  IF gone <> '{}' THEN
    PERFORM set_config('countersign.dropping', 'on', true);
    DELETE FROM value_versions WHERE project_id = ANY (gone);
    DELETE FROM events WHERE project_id = ANY (gone);
    DELETE FROM seals WHERE project_id = ANY (gone);
    PERFORM set_config('countersign.dropping', 'off', true);
  END IF;
  RETURN cardinality(gone);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION drop_audit(text, integer), purge_projects(integer) FROM PUBLIC;
--> statement-breakpoint
-- Makes the role that the server works under, if this user may, and says what it may do. Called after every migration, so
-- that it covers what the migration made.
CREATE FUNCTION grant_server() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  thing record;
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_server') THEN
      CREATE ROLE countersign_server NOLOGIN;
    END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN RETURN;
  END;
  BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      EXECUTE format('GRANT countersign_server TO %I', current_user);
    END IF;
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  FOR thing IN
    SELECT c.oid::regclass AS name, c.relkind, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'drizzle', 'graphile_worker') AND c.relkind IN ('r', 'p', 'v', 'S')
      AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
  LOOP
    IF thing.nspname = 'drizzle' THEN
      IF thing.relkind <> 'S' THEN EXECUTE format('GRANT SELECT ON %s TO countersign_server', thing.name); END IF;
    ELSIF thing.relkind = 'S' THEN
      EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO countersign_server', thing.name);
    ELSIF thing.name IN ('events'::regclass, 'seals'::regclass) THEN
      EXECUTE format('REVOKE ALL ON %s FROM countersign_server', thing.name);
      EXECUTE format('GRANT SELECT, INSERT ON %s TO countersign_server', thing.name);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO countersign_server', thing.name);
    END IF;
  END LOOP;
  FOR thing IN
    SELECT nspname AS name FROM pg_namespace WHERE nspname IN ('public', 'drizzle', 'graphile_worker')
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO countersign_server', thing.name);
  END LOOP;
  GRANT EXECUTE ON FUNCTION drop_audit(text, integer), purge_projects(integer) TO countersign_server;
END $$;
