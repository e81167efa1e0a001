-- What more every node hears on the channel "changes": sessions and memberships that caches depend on, settings of a
-- project, and that something happened in a project, for live feeds.
CREATE FUNCTION notify_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'session ' || OLD.token);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER sessions_notify_update AFTER UPDATE OF expires_at, proven_at, token, person_id ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session();
--> statement-breakpoint
CREATE TRIGGER sessions_notify_delete AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session();
--> statement-breakpoint
CREATE FUNCTION notify_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'person ' || coalesce(NEW.person_id, OLD.person_id));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER memberships_notify AFTER INSERT OR UPDATE OR DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION notify_membership();
--> statement-breakpoint
CREATE FUNCTION notify_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'person ' || OLD.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER people_notify AFTER UPDATE OR DELETE ON people FOR EACH ROW EXECUTE FUNCTION notify_person();
--> statement-breakpoint
CREATE FUNCTION notify_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'project ' || OLD.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER projects_notify AFTER UPDATE OR DELETE ON projects FOR EACH ROW EXECUTE FUNCTION notify_project();
--> statement-breakpoint
CREATE FUNCTION notify_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'events ' || NEW.project_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_notify AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION notify_event();
