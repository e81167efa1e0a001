CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"last4" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"key_paths" text[],
	"transports" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_digest_unique" UNIQUE("digest")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"link_digest" "bytea" NOT NULL,
	"key_path" text NOT NULL,
	"actions" jsonb NOT NULL,
	"info" text,
	"ref_id" text,
	"payload" jsonb,
	"action_hash" text NOT NULL,
	"pin_hash" text,
	"match_number" text,
	"comment" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempted_at" timestamp (3) with time zone,
	"status" text DEFAULT 'pending' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" jsonb,
	"reported" boolean DEFAULT false NOT NULL,
	"decided_action" text,
	"decision_comment" text,
	"evidence" jsonb,
	"decided_visit" "bytea",
	CONSTRAINT "approvals_link_digest_unique" UNIQUE("link_digest")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"actor" jsonb NOT NULL,
	"target" text NOT NULL,
	"payload" jsonb NOT NULL,
	"request_id" text,
	"ip" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"slot" "bytea" PRIMARY KEY NOT NULL,
	"body_digest" "bytea" NOT NULL,
	"operation" text NOT NULL,
	"reply" "bytea" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"check_value" "bytea" NOT NULL,
	"root_key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "instance_is_one_row" CHECK ("instance"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"purge_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "rates" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "value_versions" (
	"project_id" text NOT NULL,
	"key_path" text NOT NULL,
	"version" integer NOT NULL,
	"value" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"by" jsonb NOT NULL,
	"approval_id" text,
	CONSTRAINT "value_versions_project_id_key_path_version_pk" PRIMARY KEY("project_id","key_path","version")
);
--> statement-breakpoint
CREATE TABLE "values" (
	"project_id" text NOT NULL,
	"key_path" text NOT NULL,
	"id" text NOT NULL,
	"value" text,
	"version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" jsonb NOT NULL,
	CONSTRAINT "values_project_id_key_path_pk" PRIMARY KEY("project_id","key_path")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "values" ADD CONSTRAINT "values_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_project" ON "api_keys" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "approvals_project" ON "approvals" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "approvals_project_ref" ON "approvals" USING btree ("project_id","ref_id","id");--> statement-breakpoint
CREATE INDEX "approvals_project_path" ON "approvals" USING btree ("project_id","key_path","id");--> statement-breakpoint
CREATE INDEX "approvals_project_status" ON "approvals" USING btree ("project_id","status","id");--> statement-breakpoint
CREATE INDEX "approvals_due" ON "approvals" USING btree ("expires_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "events_project" ON "events" USING btree ("project_id","seq");--> statement-breakpoint
CREATE INDEX "events_target" ON "events" USING btree ("project_id","target","seq");--> statement-breakpoint
CREATE INDEX "idempotency_due" ON "idempotency" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_name" ON "projects" USING btree ("name") WHERE purge_at is null;--> statement-breakpoint
CREATE INDEX "projects_purge_at" ON "projects" USING btree ("purge_at") WHERE purge_at is not null;--> statement-breakpoint
CREATE INDEX "values_project" ON "values" USING btree ("project_id","id");