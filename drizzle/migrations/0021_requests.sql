ALTER TABLE "permissions" DROP CONSTRAINT "permissions_agent_id_agents_id_fk";
