ALTER TABLE "deliveries" DROP CONSTRAINT "deliveries_go_to_one";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "subscription_id" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_subscription_id_push_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."push_subscriptions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_subscription" ON "deliveries" USING btree ("subscription_id","event_id") WHERE subscription_id is not null;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_go_to_one" CHECK (num_nonnulls("deliveries"."webhook_id", "deliveries"."channel_id", "deliveries"."subscription_id") = 1);