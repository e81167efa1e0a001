ALTER TABLE "secret_parts" ADD COLUMN "upload" text NOT NULL;--> statement-breakpoint
ALTER TABLE "secret_parts" DROP CONSTRAINT "secret_parts_secret_id_part_pk";--> statement-breakpoint
ALTER TABLE "secret_parts" ADD CONSTRAINT "secret_parts_secret_id_upload_part_pk" PRIMARY KEY("secret_id","upload","part");
