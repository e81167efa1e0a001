CREATE TABLE "account_grants" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"project_id" text NOT NULL,
	"email" text,
	"key_family" text,
	"role" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"codes_max" integer,
	"codes_used" integer DEFAULT 0 NOT NULL,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"granted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"granted_by" jsonb NOT NULL,
	CONSTRAINT "account_grants_one" CHECK ((email is null) <> (key_family is null))
);
--> statement-breakpoint
CREATE TABLE "account_marks" (
	"person_id" text NOT NULL,
	"account_id" text NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "account_marks_person_id_account_id_pk" PRIMARY KEY("person_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"issuer" text DEFAULT '' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"algorithm" text DEFAULT 'SHA1' NOT NULL,
	"digits" integer DEFAULT 6 NOT NULL,
	"period" integer DEFAULT 30 NOT NULL,
	"seed" "bytea" NOT NULL,
	"seed_digest" "bytea" NOT NULL,
	"key_version" integer NOT NULL,
	"owner_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "account_tags" text[];--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "codes_hidden" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "account_grants" ADD CONSTRAINT "account_grants_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_marks" ADD CONSTRAINT "account_marks_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_marks" ADD CONSTRAINT "account_marks_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_key_version_instance_keys_generation_fk" FOREIGN KEY ("key_version") REFERENCES "public"."instance_keys"("generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_owner_id_people_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."people"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_grants_person" ON "account_grants" USING btree ("account_id","email") WHERE email is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "account_grants_key" ON "account_grants" USING btree ("account_id","key_family") WHERE key_family is not null;--> statement-breakpoint
CREATE INDEX "account_grants_email" ON "account_grants" USING btree ("project_id","email");--> statement-breakpoint
CREATE INDEX "account_marks_account" ON "account_marks" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "accounts_project" ON "accounts" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "accounts_owner" ON "accounts" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "accounts_seed" ON "accounts" USING btree ("project_id","seed_digest");--> statement-breakpoint
CREATE INDEX "accounts_generation" ON "accounts" USING btree ("key_version");--> statement-breakpoint
CREATE INDEX "events_accounts" ON "events" USING gin ((payload -> 'account_ids')) WHERE payload ? 'account_ids';