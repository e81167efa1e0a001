-- Every node hears on the channel "changes" what waiters and caches depend on. As triggers, so that no statement can forget it.
CREATE FUNCTION notify_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'value ' || NEW.project_id || ' ' || NEW.key_path);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER values_notify AFTER INSERT OR UPDATE ON "values" FOR EACH ROW EXECUTE FUNCTION notify_value();
--> statement-breakpoint
CREATE FUNCTION notify_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'approval ' || NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER approvals_notify AFTER UPDATE OF status ON approvals FOR EACH ROW EXECUTE FUNCTION notify_approval();
--> statement-breakpoint
CREATE FUNCTION notify_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', 'key ' || encode(OLD.digest, 'hex'));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER api_keys_notify AFTER UPDATE OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION notify_key();
