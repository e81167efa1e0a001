CREATE TABLE "guarded_paths" (
	"project_id" text NOT NULL,
	"key_path" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	CONSTRAINT "guarded_paths_project_id_key_path_pk" PRIMARY KEY("project_id","key_path")
);
--> statement-breakpoint
CREATE TABLE "kept_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"generation" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"delivery_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ms" integer NOT NULL,
	"status" integer,
	"code" text,
	"response" text,
	CONSTRAINT "attempts_delivery_id_number_pk" PRIMARY KEY("delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address" "bytea" NOT NULL,
	"generation" integer NOT NULL,
	"events" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"failing_since" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	"disabled_for" text
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"webhook_id" text,
	"channel_id" text,
	"event_id" text NOT NULL,
	"event" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"body" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"next_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "deliveries_go_to_one" CHECK (("deliveries"."webhook_id" is null) <> ("deliveries"."channel_id" is null))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"channel_id" text NOT NULL,
	"approval_id" text NOT NULL,
	"reference" "bytea",
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_channel_id_approval_id_pk" PRIMARY KEY("channel_id","approval_id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"tick" bigint NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "outbox_is_one_row" CHECK ("outbox"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"project_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"generation" integer NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"failing" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"description" text NOT NULL,
	"url" "bytea" NOT NULL,
	"secret" "bytea" NOT NULL,
	"previous_secret" "bytea",
	"previous_until" timestamp (3) with time zone,
	"generation" integer NOT NULL,
	"events" text[],
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"failing_since" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	"disabled_for" text
);
--> statement-breakpoint
CREATE TABLE "consumed_receipts" (
	"approval_id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"public_key" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"generation" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"approval_id" text NOT NULL,
	"person_id" text NOT NULL,
	"action" text NOT NULL,
	"comment" text,
	"by" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"passkey" boolean DEFAULT false NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "votes_approval_id_person_id_pk" PRIMARY KEY("approval_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "only_by_approval" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "groups" jsonb;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "voted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "passkey" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "release" jsonb;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "released" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "released_step" bigint;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "channels" text[];--> statement-breakpoint
ALTER TABLE "guarded_paths" ADD CONSTRAINT "guarded_paths_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_secrets" ADD CONSTRAINT "kept_secrets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_secrets" ADD CONSTRAINT "kept_secrets_generation_instance_keys_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_generation_instance_keys_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_approval_id_approvals_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approvals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_generation_instance_keys_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_generation_instance_keys_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumed_receipts" ADD CONSTRAINT "consumed_receipts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD CONSTRAINT "signing_keys_generation_instance_keys_generation_fk" FOREIGN KEY ("generation") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_approval_id_approvals_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approvals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "kept_secrets_name" ON "kept_secrets" USING btree ("project_id","name");--> statement-breakpoint
CREATE INDEX "kept_secrets_generation" ON "kept_secrets" USING btree ("generation");--> statement-breakpoint
CREATE INDEX "channels_project" ON "channels" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "channels_generation" ON "channels" USING btree ("generation");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_webhook" ON "deliveries" USING btree ("webhook_id","event_id") WHERE webhook_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_channel" ON "deliveries" USING btree ("channel_id","event_id") WHERE channel_id is not null;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("next_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_ended" ON "deliveries" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_listed" ON "deliveries" USING btree ("webhook_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "push_subscriptions_browser" ON "push_subscriptions" USING btree ("project_id","person_id","digest");--> statement-breakpoint
CREATE INDEX "push_subscriptions_generation" ON "push_subscriptions" USING btree ("generation");--> statement-breakpoint
CREATE INDEX "webhooks_project" ON "webhooks" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "webhooks_generation" ON "webhooks" USING btree ("generation");--> statement-breakpoint
CREATE UNIQUE INDEX "signing_keys_active" ON "signing_keys" USING btree ((true)) WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "signing_keys_generation" ON "signing_keys" USING btree ("generation");--> statement-breakpoint
CREATE INDEX "votes_person" ON "votes" USING btree ("person_id");--> statement-breakpoint
INSERT INTO outbox (id, tick, seq)
SELECT 1, pg_snapshot_xmin(pg_current_snapshot())::text::bigint + coalesce((SELECT tick_offset FROM instance), 0), 0;--> statement-breakpoint
DROP TRIGGER approvals_notify ON approvals;--> statement-breakpoint
CREATE TRIGGER approvals_notify AFTER UPDATE OF status, voted_at ON approvals FOR EACH ROW EXECUTE FUNCTION notify_approval();
