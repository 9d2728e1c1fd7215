-- The two logins of a PostgreSQL connection, as the gateway expects them on a real database. Run once a database, as its
-- owner, after changing the four names: app_write, app_read, the database "shop" and the schema "public". Put each login's
-- name and password into its secret in Secrets Manager; the gateway passes the secrets' ARNs and never reads them.
--
-- Depth behind the parser: what the gateway reads wrongly, these logins must not be able to do.

CREATE ROLE app_write LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE app_read LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Rows, and nothing else. An owner could switch off its own triggers and row security: app_write owns nothing.
GRANT CONNECT ON DATABASE shop TO app_write, app_read;
GRANT USAGE ON SCHEMA public TO app_write, app_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app_write;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_read;
-- The same for what the owner makes later.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_write;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO app_write;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_read;
-- A temporary table could take the name of a real one, which it precedes in every search path.
REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- How names and literals are read. Both logins must read them alike, or nothing that needs the catalogue is judged.
-- Without "$user": a schema of the login's own name would come first.
ALTER ROLE app_write SET search_path = 'public';
ALTER ROLE app_read SET search_path = 'public';
ALTER ROLE app_write SET standard_conforming_strings = on;
ALTER ROLE app_read SET standard_conforming_strings = on;
ALTER ROLE app_write SET row_security = on;
ALTER ROLE app_read SET row_security = on;

-- Depth: a read that was taken for one and is none.
ALTER ROLE app_read SET default_transaction_read_only = on;

-- 45 s is where the Data API gives up on a statement; a session idle in a transaction for 3 minutes is one it has left.
-- Transactions of the gateway's own set both much shorter for themselves.
ALTER ROLE app_write SET statement_timeout = '45s';
ALTER ROLE app_read SET statement_timeout = '45s';
ALTER ROLE app_write SET idle_in_transaction_session_timeout = '3min';
ALTER ROLE app_read SET idle_in_transaction_session_timeout = '3min';
