ALTER TABLE "approvals" ADD COLUMN "key_family" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "family" text;--> statement-breakpoint
-- By hand: keys from before are each the first of their line, and no rotation had been made.
UPDATE "api_keys" SET "family" = "id";--> statement-breakpoint
UPDATE "approvals" SET "key_family" = "created_by" ->> 'id' WHERE "created_by" ->> 'type' = 'key';--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "family" SET NOT NULL;
