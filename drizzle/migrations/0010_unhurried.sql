-- A NOTIFY in every commit puts all commits of the server one behind the other (a fifth of the commits were left). Who
-- seals tells of what is new, a few times a second, in one commit for all.
DROP TRIGGER events_notify ON events;
--> statement-breakpoint
DROP FUNCTION notify_event();
