-- Adds a municipality to the county's database, after municipality.sql has been run in its own:
--   psql --set municipality=0127 --set host=db1.example.se --set port=5432 --set database=elearn_0127 \
--        --set reader=county_0127 --set password=… --file municipality-add.sql DATABASE
\set ON_ERROR_STOP on
\set server municipality_ :municipality
\set head measurement_ :municipality
\set rows measurement_row_ :municipality
BEGIN;

-- Nothing is written through the county: a municipality's own program is the only one that writes there.
CREATE SERVER :"server" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (
    host :'host', port :'port', dbname :'database',
    updatable 'false', async_capable 'true', use_remote_estimate 'true', fetch_size '10000', connect_timeout '3'
);
CREATE USER MAPPING FOR CURRENT_USER SERVER :"server" OPTIONS (user :'reader', password :'password');

CREATE FOREIGN TABLE :"head" PARTITION OF measurement FOR VALUES IN (:'municipality')
    SERVER :"server" OPTIONS (schema_name 'county', table_name 'measurement');
CREATE FOREIGN TABLE :"rows" PARTITION OF measurement_row FOR VALUES IN (:'municipality')
    SERVER :"server" OPTIONS (schema_name 'county', table_name 'measurement_row');

COMMIT;
