DROP INDEX "requests_project";--> statement-breakpoint
DROP INDEX "requests_due";--> statement-breakpoint
-- By hand: the kit does not know the name of the key from before.
ALTER TABLE "requests" DROP CONSTRAINT "requests_pkey";--> statement-breakpoint
ALTER TABLE "requests" ADD CONSTRAINT "requests_project_id_seq_pk" PRIMARY KEY("project_id","seq");
