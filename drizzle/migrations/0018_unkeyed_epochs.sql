ALTER TABLE "secrets" DROP CONSTRAINT "secrets_epoch_id_secret_epochs_id_fk";
--> statement-breakpoint
DROP INDEX "secrets_epoch";