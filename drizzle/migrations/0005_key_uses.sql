DROP INDEX "requests_at";--> statement-breakpoint
ALTER TABLE "key_uses" ADD COLUMN "first_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "key_uses" ADD COLUMN "uses" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "key_uses" ADD COLUMN "unusual_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "api_keys_aging" ON "api_keys" USING btree ("created_at") WHERE aged_at is null and revoked_at is null;--> statement-breakpoint
CREATE INDEX "requests_due" ON "requests" USING btree ("project_id","at");