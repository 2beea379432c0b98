-- Creates the two databases and their owners on a PostgreSQL server, as docker-compose.yaml does (its config
-- `databases`; a test compares them).
--
-- Parameters: the environment variables AIRFLOW_DB_PASSWORD and WAREHOUSE_PASSWORD. Run once by psql, as a
-- superuser. Where a rented server lets nobody be one, leave out the lines that it refuses: docs/server.md.
-- Reads: nothing. Writes: the roles and databases airflow and dean06.

\set ON_ERROR_STOP on
\getenv airflow_password AIRFLOW_DB_PASSWORD
\getenv warehouse_password WAREHOUSE_PASSWORD
CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE DATABASE airflow OWNER airflow;
REVOKE CONNECT ON DATABASE airflow FROM PUBLIC;
-- Ends what a dead scheduler leaves within a transaction: no other could queue a task.
ALTER DATABASE airflow SET idle_in_transaction_session_timeout = '5min';
CREATE ROLE dean06 LOGIN CREATEROLE PASSWORD :'warehouse_password';
CREATE DATABASE dean06 OWNER dean06;
REVOKE CONNECT ON DATABASE dean06 FROM PUBLIC;
-- As include/sql/audit/log_readers.sql: what people run themselves is logged.
ALTER DATABASE dean06 SET log_statement = 'all';
ALTER DATABASE dean06 SET log_min_messages = 'error';
ALTER DATABASE dean06 SET log_parameter_max_length = 0;
ALTER ROLE dean06 IN DATABASE dean06 SET log_statement = 'none';
ALTER ROLE dean06 IN DATABASE dean06 SET log_min_messages = 'log';
-- As include/sql/audit/limit_readers.sql, which a superuser runs again for each new login.
ALTER DATABASE dean06 SET statement_timeout = '5min';
ALTER DATABASE dean06 SET idle_in_transaction_session_timeout = '10min';
ALTER DATABASE dean06 SET temp_file_limit = '2GB';
ALTER ROLE dean06 IN DATABASE dean06 SET statement_timeout = 0;
ALTER ROLE dean06 IN DATABASE dean06 SET idle_in_transaction_session_timeout = 0;
ALTER ROLE dean06 IN DATABASE dean06 SET temp_file_limit = -1;
