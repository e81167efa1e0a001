CREATE TABLE "instance_keys" (
	"generation" integer PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "asks" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"token_digest" "bytea" NOT NULL,
	"answer_digest" "bytea" NOT NULL,
	"public_key" "bytea" NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"title" text NOT NULL,
	"note" text,
	"encrypted_by" text DEFAULT 'server' NOT NULL,
	"notify" "bytea",
	"key_version" integer NOT NULL,
	"custid" text NOT NULL,
	"key_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"answer_ttl" integer NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"secret_id" text,
	CONSTRAINT "asks_token_digest_unique" UNIQUE("token_digest"),
	CONSTRAINT "asks_answer_digest_unique" UNIQUE("answer_digest")
);
--> statement-breakpoint
CREATE TABLE "secret_epochs" (
	"id" text PRIMARY KEY NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"destroyed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "secret_parts" (
	"secret_id" text NOT NULL,
	"part" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "secret_parts_secret_id_part_pk" PRIMARY KEY("secret_id","part")
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"secret_digest" "bytea" NOT NULL,
	"metadata_digest" "bytea",
	"state" text DEFAULT 'new' NOT NULL,
	"encrypted_by" text DEFAULT 'server' NOT NULL,
	"custid" text NOT NULL,
	"memo" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"key_id" text,
	"ttl" integer NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"gone_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" jsonb,
	"contested_at" timestamp (3) with time zone,
	"recipient" text,
	"notify" "bytea",
	"warned_at" timestamp (3) with time zone,
	"passphrase" boolean DEFAULT false NOT NULL,
	"salt" "bytea",
	"ephemeral" "bytea",
	"epoch_id" text NOT NULL,
	"key_version" integer NOT NULL,
	"content" "bytea",
	"data_key" "bytea",
	"sealed_secret_key" "bytea",
	"sealed_metadata_key" "bytea",
	"replay_key" "bytea",
	"replay_until" timestamp (3) with time zone,
	"file_bytes" integer,
	"upload_digest" "bytea",
	"upload_key" "bytea",
	"ticket_digest" "bytea",
	"ticket_key" "bytea",
	"ticket_until" timestamp (3) with time zone,
	CONSTRAINT "secrets_secret_digest_unique" UNIQUE("secret_digest"),
	CONSTRAINT "secrets_metadata_digest_unique" UNIQUE("metadata_digest"),
	CONSTRAINT "secrets_upload_digest_unique" UNIQUE("upload_digest"),
	CONSTRAINT "secrets_ticket_digest_unique" UNIQUE("ticket_digest")
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "guest_secrets" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "asks" ADD CONSTRAINT "asks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asks" ADD CONSTRAINT "asks_key_version_instance_keys_generation_fk" FOREIGN KEY ("key_version") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asks" ADD CONSTRAINT "asks_secret_id_secrets_id_fk" FOREIGN KEY ("secret_id") REFERENCES "public"."secrets"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secret_parts" ADD CONSTRAINT "secret_parts_secret_id_secrets_id_fk" FOREIGN KEY ("secret_id") REFERENCES "public"."secrets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_epoch_id_secret_epochs_id_fk" FOREIGN KEY ("epoch_id") REFERENCES "public"."secret_epochs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_key_version_instance_keys_generation_fk" FOREIGN KEY ("key_version") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "asks_project" ON "asks" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "asks_open" ON "asks" USING btree ("expires_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "asks_secret" ON "asks" USING btree ("secret_id");--> statement-breakpoint
CREATE UNIQUE INDEX "secret_epochs_until" ON "secret_epochs" USING btree ("until") WHERE destroyed_at is null;--> statement-breakpoint
CREATE INDEX "secrets_project" ON "secrets" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "secrets_key" ON "secrets" USING btree ("key_id","id") WHERE key_id is not null;--> statement-breakpoint
CREATE INDEX "secrets_open" ON "secrets" USING btree ("expires_at") WHERE state in ('new', 'viewed');--> statement-breakpoint
CREATE INDEX "secrets_gone" ON "secrets" USING btree ("gone_at");--> statement-breakpoint
CREATE INDEX "secrets_held" ON "secrets" USING btree ("epoch_id") WHERE data_key is not null or replay_key is not null or upload_key is not null or ticket_key is not null;--> statement-breakpoint
CREATE INDEX "secrets_lingering" ON "secrets" USING btree (least(replay_until, ticket_until)) WHERE replay_until is not null or ticket_until is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_guests" ON "projects" USING btree ("guest_secrets") WHERE guest_secrets;